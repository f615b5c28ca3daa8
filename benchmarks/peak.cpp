// How many GFLOP/s the processor reaches at most in float32: independent fused multiply-adds, nothing in memory.
// Usage: peak THREADS SECONDS
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif
constexpr int chains = 12;  // more than latency times units, and few enough for 16 registers
constexpr long block = 20000;

typedef float Vector __attribute__((vector_size(lanes * sizeof(float))));

// Multiply-adds done by one thread until `stop`, counted in blocks; `sink` keeps the compiler from dropping them.
static long count_blocks(const std::atomic<bool>& start, const std::atomic<bool>& stop, volatile float* sink) {
    const Vector factor = Vector{} + 0.999f, term = Vector{} + 0.001f;
    Vector sums[chains];
    for (int i = 0; i < chains; ++i) sums[i] = Vector{} + 0.1f * static_cast<float>(i);
    while (!start.load()) {}
    long blocks = 0;
    for (; !stop.load(std::memory_order_relaxed); ++blocks) {
        for (long repeat = 0; repeat < block; ++repeat) {
#pragma GCC unroll 12
            for (int i = 0; i < chains; ++i) sums[i] = sums[i] * factor + term;
        }
    }
    float total = 0;
    for (int i = 0; i < chains; ++i) total += sums[i][0];
    *sink = total;
    return blocks;
}

int main(int argc, char** argv) {
    const int n_threads = argc > 1 ? std::atoi(argv[1]) : 1;
    const double seconds = argc > 2 ? std::atof(argv[2]) : 0.5;
    std::atomic<bool> start{false}, stop{false};
    std::vector<long> blocks(static_cast<size_t>(n_threads));
    std::vector<float> sinks(static_cast<size_t>(n_threads) * 64);
    std::vector<std::thread> threads;
    for (int t = 0; t < n_threads; ++t)
        threads.emplace_back([&, t] {
            blocks[static_cast<size_t>(t)] = count_blocks(start, stop, &sinks[static_cast<size_t>(t) * 64]);
        });
    const auto began = std::chrono::steady_clock::now();
    start = true;
    std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
    stop = true;
    for (auto& thread : threads) thread.join();
    const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    double total = 0;
    for (const long count : blocks) total += static_cast<double>(count);
    std::printf("%.2f\n", total * static_cast<double>(block) * chains * lanes * 2 / elapsed / 1e9);
}
