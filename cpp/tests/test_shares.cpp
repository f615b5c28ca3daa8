// Slots of a batch computed apart, as by several machines: added up in order they are the bits of one call, however
// they were shared out. Every array is exactly as large as the interface says, for the sanitizers to watch.
#include <cmath>
#include <cstring>
#include <iostream>
#include <random>

#include "expect.hpp"
#include "fitnet.hpp"
#include "shares.hpp"

using namespace fitnet;

namespace {

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class T>
std::vector<T> drawn(int64_t count, int seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> normal(0, 0.5);
    std::vector<T> numbers;
    for (int64_t i = 0; i < count; i++) numbers.push_back(T(normal(random)));
    return numbers;
}

// The rows [first, last) alone: as they lie, or backwards with the order that puts them right.
template <class T>
std::vector<T> some(const std::vector<T>& rows, int64_t columns, int64_t first, int64_t last, bool backwards) {
    std::vector<T> found;
    for (int64_t i = first; i < last; i++) {
        const int64_t row = backwards ? last - 1 - (i - first) : i;
        found.insert(found.end(), rows.begin() + row * columns, rows.begin() + (row + 1) * columns);
    }
    return found;
}

template <class T>
void test_sums(const Layers& layers, int64_t n, int64_t ranks) {
    const int64_t p = layers.front().inputs, m = layers.back().outputs;
    int64_t P = 0;
    for (const Layer& layer : layers) P += (layer.inputs + 1) * layer.outputs;
    const std::vector<T> parameters = drawn<T>(P, 1), X = drawn<T>(n * p, 2), Y = drawn<T>(n * m, 3);
    const LossSettings settings{Loss::squared_error, 0};
    const double l2 = 0.25;
    const std::string where = std::to_string(n) + " rows, " + std::to_string(ranks) + " ranks";

    std::vector<T> whole(static_cast<size_t>(P));
    const Rows<T> all{X.data(), Y.data(), nullptr, n};
    const double value = loss_and_gradient(layers, settings, l2, parameters.data(), all, whole.data(), Threads{2});

    const int64_t of = slots<T>(layers, n);
    for (const bool backwards : {false, true}) {
        std::vector<T> sum;
        double total = 0, alone = 0;
        for (int64_t rank = 0; rank < ranks; rank++) {
            const int64_t first = of * rank / ranks, count = of * (rank + 1) / ranks - first;
            const Share share{of, first, count};
            const int64_t begin = n * first / of, end = begin + share.begin(n, count);
            const std::vector<T> own_X = some(X, p, begin, end, backwards), own_Y = some(Y, m, begin, end, backwards);
            std::vector<int64_t> order;
            for (int64_t i = end - begin; backwards && i > 0; i--) order.push_back(i - 1);
            const Batch<T> batch{
                n, {own_X.data(), own_Y.data(), nullptr, end - begin}, backwards ? order.data() : nullptr};
            std::vector<T> gradients(static_cast<size_t>(count * P));
            std::vector<double> losses(static_cast<size_t>(count)), measured(static_cast<size_t>(count));
            const Threads threads{1 + int(rank % 3)};
            slot_gradients(layers, settings, parameters.data(), batch, share, gradients.data(), losses.data(), threads);
            if (!backwards) slot_losses(layers, settings, parameters.data(), batch, share, measured.data(), threads);
            for (int64_t slot = 0; slot < count; slot++) {
                total += losses[size_t(slot)];
                alone += measured[size_t(slot)];
                const auto from = gradients.begin() + slot * P;
                if (sum.empty())
                    sum.assign(from, from + P);
                else
                    for (int64_t i = 0; i < P; i++) sum[size_t(i)] += from[i];
            }
        }
        expect(backwards || alone == loss(layers, settings, parameters.data(), all, Threads{1}), "losses", where);
        total += add_penalty(layers, l2, parameters.data(), sum.data());
        expect(total == value, "the objective is that of one call", where);
        expect(same_bits(sum, whole), "the gradient is that of one call", where);
    }
}

template <class T>
void test_all() {
    const auto tanh = Activation::tanh, identity = Activation::identity;
    const Layers small{{3, 17, tanh}, {17, 2, identity}}, linear{{5, 1, identity}};
    const Layers deep{{2, 33, Activation::relu}, {33, 16, tanh}, {16, 1, identity}};
    for (const int64_t n : {1, 2, 33, 1000, 4099})
        for (const int64_t ranks : {1, 2, 3, 7, 40})
            for (const Layers& layers : {small, linear, deep}) test_sums<T>(layers, n, ranks);
}

}  // namespace

int main() {
    test_all<float>();
    test_all<double>();
    std::cout << level() << ": " << (failures == 0 ? "passed" : "FAILED") << "\n";
    return failures == 0 ? 0 : 1;
}
