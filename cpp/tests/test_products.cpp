// The products of one level against naive loops, for shapes around the edges of lines, tiles and panels.
//
// Compile for a level and run, as test_elementary.cpp. What lies around the matrices' numbers is NaN, so that none may
// be read that must not count; exits with 1 if a product differs.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "kernels/activations.hpp"
#include "kernels/narrow_product.hpp"
#include "kernels/products.hpp"

using namespace fitnet;
using namespace fitnet::FITNET_LEVEL_NAME;

static int failures = 0;
static std::mt19937 generator(7);

// A matrix with room for a few more rows and memory of its own: numbers from a normal distribution, zeros as padding.
template <class T>
struct Own {
    std::vector<T> numbers;
    Matrix<T> matrix;

    Own(int64_t rows, int64_t width, int64_t room = 0) {
        const Panels<T> panels{rows + room, width};
        numbers.assign(size_t(panels.size()), std::numeric_limits<T>::quiet_NaN());
        matrix = {numbers.data(), panels, rows};
        std::normal_distribution<double> normal;
        for (int64_t r = 0; r < rows; r++)
            for (int64_t j = 0; j < panels.count() * panels.stride(); j++)
                matrix.panel(j / panels.stride(), r)[j % panels.stride()] = j < width ? T(normal(generator)) : T(0);
    }
    Own(const Own&) = delete;

    void transpose_from(Matrix<const T> other) {
        for (int64_t r = 0; r < matrix.rows; r++)
            for (int64_t j = 0; j < matrix.width(); j++) matrix.at(r, j) = other.at(j, r);
    }
};

template <class T>
static std::vector<T> biases(int64_t width) {
    std::normal_distribution<double> normal;
    std::vector<T> values(size_t(round_up(width, PANEL<T>)));
    for (int64_t j = 0; j < width; j++) values[size_t(j)] = T(normal(generator));
    return values;
}

// The largest difference, or infinity where one of the two is no number.
template <class T>
static double distance(Matrix<const T> found, Matrix<const T> expected) {
    double largest = 0;
    for (int64_t r = 0; r < found.rows; r++)
        for (int64_t j = 0; j < found.width(); j++) {
            const double difference = std::fabs(double(found.at(r, j)) - double(expected.at(r, j)));
            if (!(difference <= largest)) largest = std::isnan(difference) ? INFINITY : difference;
        }
    return largest;
}

template <class T>
static void expect(double distance, double bound, const char* what, int64_t rows, int64_t inputs, int64_t outputs) {
    if (distance <= bound) return;
    std::printf("FAILED: %s of %d bytes, %d rows, %d inputs, %d outputs: off by %g\n", what, int(sizeof(T)), int(rows),
                int(inputs), int(outputs), distance);
    failures++;
}

// Z = bias + A W, with and without bias and ReLU: the bits of the naive loop.
template <class T>
static void check_product(int64_t rows, int64_t inputs, int64_t outputs) {
    const Own<T> a(rows, inputs, 3), W(inputs, outputs);
    const Own<T> fast(rows, outputs, 3), naive(rows, outputs);
    const std::vector<T> bias = biases<T>(outputs);
    for (const T* start : {bias.data(), NO_BIAS<T>}) {
        product(a.matrix, W.matrix, fast.matrix, start, Plain<T>{});
        naive_product(a.matrix, W.matrix, naive.matrix, start);
        expect<T>(distance<T>(fast.matrix, naive.matrix), 0, "product", rows, inputs, outputs);

        product(a.matrix, W.matrix, fast.matrix, start, Relu<T>{});
        for (int64_t r = 0; r < rows; r++)
            for (int64_t j = 0; j < outputs; j++) naive.matrix.at(r, j) = std::fmax(naive.matrix.at(r, j), T(0));
        expect<T>(distance<T>(fast.matrix, naive.matrix), 0, "product and ReLU", rows, inputs, outputs);
    }
}

// C = A^T D, then added once more: the bits of one chain over the rows of both.
template <class T>
static void check_transposed_product(int64_t rows, int64_t inputs, int64_t outputs) {
    const Own<T> a(rows, inputs, 3), d(rows, outputs, 3);
    const Own<T> fast(inputs, outputs), naive(inputs, outputs);
    transposed_product(a.matrix, d.matrix, fast.matrix, true);
    transposed_product(a.matrix, d.matrix, fast.matrix, false);

    Own<T> at(inputs, 2 * rows), twice(2 * rows, outputs);
    for (int64_t r = 0; r < 2 * rows; r++) {
        for (int64_t k = 0; k < inputs; k++) at.matrix.at(k, r) = a.matrix.at(r % rows, k);
        for (int64_t j = 0; j < outputs; j++) twice.matrix.at(r, j) = d.matrix.at(r % rows, j);
    }
    naive_product(at.matrix, twice.matrix, naive.matrix, NO_BIAS<T>);
    expect<T>(distance<T>(fast.matrix, naive.matrix), 0, "transposed product", rows, inputs, outputs);
}

// Its sums run in another order: equal but for the rounding of so many terms, each about 1.
template <class T>
static void check_narrow_product(int64_t rows, int64_t inputs, int64_t outputs) {
    const Own<T> a(rows, inputs, 3), Wt(outputs, inputs);
    Own<T> W(inputs, outputs);
    W.transpose_from(Wt.matrix);
    const Own<T> fast(rows, outputs, 3), naive(rows, outputs);
    const std::vector<T> bias = biases<T>(outputs);
    narrow_product(a.matrix, Wt.matrix, fast.matrix, bias.data());
    naive_product(a.matrix, W.matrix, naive.matrix, bias.data());
    const double bound = 4.0 * double(inputs + 1) * double(std::numeric_limits<T>::epsilon());
    expect<T>(distance<T>(fast.matrix, naive.matrix), bound, "narrow product", rows, inputs, outputs);
}

template <class T>
static void check_all() {
    constexpr int64_t lanes = LANES<T>, tile = TILE_VECTORS * LANES<T>, panel = PANEL<T>;
    std::vector<int64_t> widths{1, 2, 3, 4, 5};
    for (const int64_t edge : {lanes, LINE<T>, tile, panel, 2 * panel})
        for (const int64_t width : {edge - 1, edge, edge + 1}) widths.push_back(width);
    for (const int64_t rows : {1, 5, 6, 7, 12, 64, 65, 70})
        for (const int64_t inputs : widths)
            for (const int64_t outputs : widths) {
                check_product<T>(rows, inputs, outputs);
                check_transposed_product<T>(rows, inputs, outputs);
                if (outputs <= LINE<T> / 4) check_narrow_product<T>(rows, inputs, outputs);
            }
}

int main() {
    check_all<float>();
    check_all<double>();
    std::printf("products: %s\n", failures == 0 ? "as the naive loops give them" : "FAILED");
    return failures == 0 ? 0 : 1;
}
