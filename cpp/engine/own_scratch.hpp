// Each thread's own numbers, kept from call to call.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fitnet {

// Whether the thread has, or could get, so many bytes. This throws nothing: to throw for the first time takes memory,
// too, and a thread that has none for that ends the process.
bool reserve_own_bytes(int64_t count) noexcept;

// At least so many bytes on a cache line's boundary; anything may be in them. They are the thread's until it asks for
// more, and a call that calls back may find them changed. Throws std::bad_alloc.
void* own_bytes(int64_t count);

template <class T>
T* own_scratch(int64_t size) {
    return static_cast<T*>(own_bytes(size * int64_t(sizeof(T))));
}

}  // namespace fitnet
