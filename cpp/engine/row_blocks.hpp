// Blocks of rows that know nothing of each other, taken by threads one after the other.
#pragma once

#include <atomic>

#include "engine/own_scratch.hpp"
#include "engine/thread_pool.hpp"

namespace fitnet {

struct RowBlocks {
    int64_t n;
    int64_t block_rows;
    double flops_a_row;
    int64_t n_scratch;  // numbers that a block needs room for
};

// work(first, rows, scratch) for every block; it must not call back.
template <class T, class Work>
void for_blocks(const RowBlocks& of, Threads threads, const Work& work) {
    const int64_t blocks = (of.n + of.block_rows - 1) / of.block_rows;
    std::atomic<int64_t> next{0};
    const auto take = [&] {
        T* scratch = own_scratch<T>(of.n_scratch);
        for (int64_t block; (block = next.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
            const int64_t first = block * of.block_rows;
            work(first, of.n - first < of.block_rows ? of.n - first : of.block_rows, scratch);
        }
    };
    const int useful = useful_threads(threads, blocks, of.flops_a_row * double(of.n));
    run_on_threads(useful, of.n_scratch * int64_t(sizeof(T)), [&](int) {
        try {
            take();
        } catch (...) {  // what the others would compute yet is of no use
            next.store(blocks, std::memory_order_relaxed);
            throw;
        }
    });
}

}  // namespace fitnet
