// Second derivatives of a block's outputs with respect to the inputs: the bend of every neuron, carried to the outputs.
//
// d2y_o/dx2 = sum over all neurons k of all layers of (dy_o/da_k) a''(z_k) (dz_k/dx) (dz_k/dx)^T, at every row: dz/dx
// on the way from the inputs, dy/da on the way back from each output. Shapes: R rows with their padding, pairs k <= k'
// of inputs.
#pragma once

#include <cstring>
#include <utility>

#include "kernels/activations.hpp"
#include "kernels/hessian_plan.hpp"
#include "kernels/level.hpp"
#include "kernels/products.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// But for corners.
static inline bool is_straight(Activation activation) {
    return activation == Activation::identity || activation == Activation::relu || activation == Activation::leaky_relu;
}

template <class T>
static inline void fill(T* to, int64_t count, T value) {
    for (int64_t i = 0; i < count; i++) to[i] = value;
}

// a''(z), with a and a'(z) at hand.
template <class T>
static inline Vector<T> curvature(Activation activation, Vector<T> z, Vector<T> a, Vector<T> slope) {
    switch (activation) {
        case Activation::tanh: return -2 * a * slope;
        case Activation::logistic: return slope * (1 - 2 * a);
        case Activation::exponential: return a;
        case Activation::softplus: return slope * (1 - slope);
        case Activation::silu: {  // s' (2 + z (1 - 2 s))
            const Vector<T> s = logistic<T>(z);
            return s * (1 - s) * (2 + z * (1 - 2 * s));
        }
        case Activation::gelu: {  // density (2 - z^2); beyond its tail the square could overflow
            const Vector<T> size = within_tail<T>(z);
            return normal_density<T>(z) * (2 - size * size);
        }
        default: return Vector<T>{};
    }
}

// z (outputs, R) becomes a in place, and slopes and curvatures are written.
template <class T>
static void bend(Activation activation, int64_t outputs, int64_t R, T* z, T* slopes, T* curvatures) {
    const int64_t count = outputs * R;
    std::memcpy(curvatures, z, size_t(count) * sizeof(T));
    activate(activation, Matrix<T>{z, {outputs, R}, outputs}, slopes);
    with_slope<T>(activation, z, slopes, slopes, [&](const auto& slope) {
        for (int64_t i = 0; i < count; i += LANES<T>) store(slopes + i, slope(broadcast(T(1)), slopes + i));
    });
    for (int64_t i = 0; i < count; i += LANES<T>)
        store(curvatures + i, curvature<T>(activation, load(curvatures + i), load(z + i), load(slopes + i)));
}

// to (neurons, p, R) = from (neurons, p, R) * by (neurons, R).
template <class T>
static void scale(int64_t neurons, int64_t p, int64_t R, const T* from, const T* by, T* to) {
    for (int64_t j = 0; j < neurons; j++)
        for (int64_t k = 0; k < p; k++)
            for (int64_t r = 0; r < R; r += LANES<T>) {
                const int64_t at = (j * p + k) * R + r;
                store(to + at, Vector<T>(load(from + at) * load(by + j * R + r)));
            }
}

// `count` sums (R) side by side, COUNT at a time: += the sum over the neurons of `left` (R) times each of `right` (R);
// the next neuron's lie `stride` numbers further.
template <int COUNT, class T>
static inline void add_pairs(int64_t count, int64_t neurons, int64_t stride, int64_t R, const T* left, const T* right,
                             T* sums) {
    for (; count >= COUNT; count -= COUNT, right += COUNT * R, sums += COUNT * R)
        for (int64_t r = 0; r < R; r += LANES<T>) {
            Vector<T> sum[COUNT];
#pragma GCC unroll 8
            for (int i = 0; i < COUNT; i++) sum[i] = load(sums + i * R + r);
            for (int64_t j = 0; j < neurons; j++) {
                const Vector<T> factor = load(left + j * stride + r);
#pragma GCC unroll 8
                for (int i = 0; i < COUNT; i++) sum[i] += factor * load(right + j * stride + i * R + r);
            }
#pragma GCC unroll 8
            for (int i = 0; i < COUNT; i++) store(sums + i * R + r, sum[i]);
        }
    if constexpr (COUNT > 1)
        if (count > 0) add_pairs<COUNT / 2>(count, neurons, stride, R, left, right, sums);
}

// sums (pairs, R) += the sum over the neurons of weighted (neurons, p, R) times dz_dx (neurons, p, R).
template <class T>
static void add_bends(int64_t neurons, int64_t p, int64_t R, const T* weighted, const T* dz_dx, T* sums) {
    for (int64_t k = 0; k < p; sums += (p - k) * R, k++)
        add_pairs<8>(p - k, neurons, p * R, R, weighted + k * R, dz_dx + k * R, sums);
}

// C (rows, columns) = A * B (depth, columns), where element (i, t) of A is a[i * a_row + t * a_step]; or += where C is
// not `fresh`.
template <class T>
static void multiply_by(const T* a, int64_t a_row, int64_t a_step, int64_t rows, int64_t depth, const T* b, T* c,
                        int64_t columns, bool fresh) {
    if (fresh) fill(c, rows * columns, T(0));
    multiply(Product<T>{a, a_row, a_step, b, columns, c, columns, nullptr, depth, rows, columns}, Plain<T>{});
}

// The numbers of one block. Every layer keeps slopes, curvatures and dz/dx; what is on its way passes through the
// others.
template <class T>
struct BentBlock {
    const HessianPlan<T>& plan;
    const T* parameters;
    const int64_t R;
    T* slopes;      // (neurons, R)
    T* curvatures;  // (neurons, R)
    T* dz_dx;       // (neurons, p, R)
    T* a;           // (widest, R); on the way back dy_o/da
    T* next;        // (widest, R)
    T* products;    // (widest, p, R): da/dx; on the way back dz/dx with its weights
    T* sums;        // (pairs, R)

    BentBlock(const HessianPlan<T>& shape, const T* numbers, int64_t rows, T* scratch)
        : plan(shape), parameters(numbers), R(round_up(rows, LINE<T>)), slopes(scratch),
          curvatures(slopes + plan.neurons * R), dz_dx(curvatures + plan.neurons * R),
          a(dz_dx + plan.neurons * plan.p * R), next(a + plan.widest * R), products(next + plan.widest * R),
          sums(products + plan.widest * plan.p * R) {}

    const T* weights(size_t l) const { return parameters + plan.flat[l]; }  // (inputs, outputs), then biases (outputs)

    // From X (rows, p) through all layers.
    void forward(const T* X, int64_t rows) {
        const int64_t p = plan.p;
        fill(a, p * R, T(0));
        for (int64_t r = 0; r < rows; r++)
            for (int64_t k = 0; k < p; k++) a[k * R + r] = X[r * p + k];
        for (size_t l = 0; l < plan.layers.size(); l++, std::swap(a, next)) {
            const int64_t in = plan.layers[l].inputs, out = plan.layers[l].outputs, first = plan.first[l] * R;
            const T* W = weights(l);
            for (int64_t j = 0; j < out; j++) fill(next + j * R, R, W[in * out + j]);
            multiply_by(W, 1, out, out, in, a, next, R, false);
            bend(plan.layers[l].activation, out, R, next, slopes + first, curvatures + first);
            T* own = dz_dx + first * p;
            if (l > 0)
                multiply_by(W, 1, out, out, in, products, own, p * R, true);
            else
                for (int64_t j = 0; j < out; j++)
                    for (int64_t k = 0; k < p; k++) fill(own + (j * p + k) * R, R, W[k * out + j]);
            if (l + 1 < plan.layers.size()) scale(out, p, R, own, slopes + first, products);
        }
    }

    // From output `o` back: the sums of all bends.
    void backward(int64_t o) {
        const int64_t p = plan.p;
        fill(sums, plan.n_pairs() * R, T(0));
        fill(a, R, T(1));
        int64_t from = o, count = 1;  // of the last layer only this neuron has a part in it
        for (size_t l = plan.layers.size() - 1;; l--, std::swap(a, next)) {
            const int64_t in = plan.layers[l].inputs, out = plan.layers[l].outputs, first = (plan.first[l] + from) * R;
            if (!is_straight(plan.layers[l].activation)) {
                scale(count, 1, R, a, curvatures + first, next);
                scale(count, p, R, dz_dx + first * p, next, products);
                add_bends(count, p, R, products, dz_dx + first * p, sums);
            }
            if (l == 0) return;
            scale(count, 1, R, a, slopes + first, a);
            multiply_by(weights(l) + from, out, 1, in, count, a, next, R, true);
            from = 0;
            count = in;
        }
    }
};

// X (rows, p) to d2y_dx2 (rows, m, p, p), at most plan.block_rows rows.
template <class T>
static void hessian_block(const HessianPlan<T>& plan, const T* parameters, const T* X, int64_t rows, T* d2y_dx2,
                          T* scratch) {
    const int64_t p = plan.p, m = plan.m;
    BentBlock<T> block(plan, parameters, rows, scratch);
    block.forward(X, rows);
    for (int64_t o = 0; o < m; o++) {
        block.backward(o);
        for (int64_t r = 0; r < rows; r++) {
            T* to = d2y_dx2 + (r * m + o) * p * p;
            for (int64_t k = 0, pair = 0; k < p; k++)
                for (int64_t other = k; other < p; other++, pair++)
                    to[k * p + other] = to[other * p + k] = block.sums[pair * block.R + r];
        }
    }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
