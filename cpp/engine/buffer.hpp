// Memory on a cache line's boundary.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "engine/kept_memory.hpp"

namespace fitnet {

// Numbers on a cache line's boundary, all zero at first.
template <class T>
class Buffer {
public:
    explicit Buffer(int64_t size = 0) : size_(size), data_(static_cast<T*>(take_memory(bytes()))) {
        std::memset(static_cast<void*>(data_), 0, size_t(size) * sizeof(T));
    }
    // Room for `size` numbers; where the buffer had less they are all zero, else anything.
    T* at_least(int64_t size) {
        if (size > size_) {
            Buffer larger(size);
            swap(larger);
        }
        return data_;
    }
    ~Buffer() { give_back_memory(data_, bytes()); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    void swap(Buffer& other) {
        std::swap(size_, other.size_);
        std::swap(data_, other.data_);
    }
    T* get() const { return data_; }

private:
    int64_t bytes() const { return (size_ + 1) * int64_t(sizeof(T)); }
    int64_t size_;
    T* data_;
};

}  // namespace fitnet
