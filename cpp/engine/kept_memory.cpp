// A key of POSIX threads, not thread_local: where memory is short, that ends the process.
#include "engine/kept_memory.hpp"

#include <pthread.h>

#include <algorithm>
#include <new>

#include "kernels/plan.hpp"

namespace fitnet {

namespace {

constexpr int64_t LEAST_BYTES = int64_t(1) << 16;  // of a block: smaller ones malloc keeps itself
constexpr int64_t MOST_BYTES = int64_t(1) << 25;   // of a thread's blocks: larger ones serve work that dwarfs a page
constexpr int MOST_BLOCKS = 16;
constexpr auto ALIGNED = std::align_val_t(LINE_BYTES);

struct Block {
    void* memory;
    int64_t bytes;
};

// A thread's blocks, the oldest first.
class KeptBlocks {
public:
    ~KeptBlocks() {
        while (count_ > 0) ::operator delete(taken(0), ALIGNED);
    }
    // Null where there is none of that size.
    void* take(int64_t bytes) noexcept {
        for (int i = count_ - 1; i >= 0; i--)
            if (blocks_[i].bytes == bytes) return taken(i);
        return nullptr;
    }
    void keep(Block block) noexcept {
        while (count_ == MOST_BLOCKS || bytes_ + block.bytes > MOST_BYTES) ::operator delete(taken(0), ALIGNED);
        blocks_[count_++] = block;
        bytes_ += block.bytes;
    }

private:
    void* taken(int i) noexcept {
        void* memory = blocks_[i].memory;
        bytes_ -= blocks_[i].bytes;
        std::copy(blocks_ + i + 1, blocks_ + count_--, blocks_ + i);
        return memory;
    }
    Block blocks_[MOST_BLOCKS];
    int count_ = 0;
    int64_t bytes_ = 0;
};

struct Key {
    Key() : made(pthread_key_create(&key, [](void* kept) { delete static_cast<KeptBlocks*>(kept); }) == 0) {}
    KeptBlocks* kept() const { return static_cast<KeptBlocks*>(made ? pthread_getspecific(key) : nullptr); }
    // Null where memory is short.
    KeptBlocks* kept_or_made() const noexcept {
        if (!made || kept() != nullptr) return kept();
        auto* blocks = new (std::nothrow) KeptBlocks;
        if (blocks == nullptr || pthread_setspecific(key, blocks) == 0) return blocks;
        delete blocks;
        return nullptr;
    }
    pthread_key_t key;
    const bool made;
};
const Key own;  // made when the library is loaded

}  // namespace

void* take_memory(int64_t bytes) {
    KeptBlocks* kept = bytes < LEAST_BYTES ? nullptr : own.kept();
    void* memory = kept == nullptr ? nullptr : kept->take(bytes);
    return memory == nullptr ? ::operator new(size_t(bytes), ALIGNED) : memory;
}

void give_back_memory(void* memory, int64_t bytes) noexcept {
    KeptBlocks* kept = bytes < LEAST_BYTES || bytes > MOST_BYTES ? nullptr : own.kept_or_made();
    if (kept == nullptr) return ::operator delete(memory, ALIGNED);
    kept->keep({memory, bytes});
}

}  // namespace fitnet
