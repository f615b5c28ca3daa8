// From gradients to parameters: the slots' sum, the weights' penalty, one optimizer step, the transposed weights.
#pragma once

#include <utility>

#include "kernels/level.hpp"
#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

template <class T>
static void sum_slots(T* gradient, const T* slots, int64_t n_slots, int64_t size, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i += LANES<T>) {
        Vector<T> sum = load(slots + i);
        for (int64_t s = 1; s < n_slots; s++) sum += load(slots + s * size + i);
        store(gradient + i, sum);
    }
}

template <class T>
static void add_decay(T* gradient, const T* parameters, T factor, int64_t begin, int64_t end) {
    T* __restrict g = gradient;
    for (int64_t i = begin; i < end; i++) g[i] += factor * parameters[i];
}

template <class T>
static void shrink(T* parameters, T factor, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) parameters[i] *= factor;
}

// One sum for each place in a cache line, then those in a fixed tree: the width of the vectors changes no bit.
template <class T>
static double sum_squares(const T* parameters, int64_t begin, int64_t end) {
    constexpr int PLACES = int(LINE<T>);
    double sums[PLACES] = {};
    for (int64_t i = begin; i < end; i += PLACES)
        for (int j = 0; j < PLACES; j++) sums[j] += double(parameters[i + j]) * double(parameters[i + j]);
    for (int half = PLACES / 2; half > 0; half /= 2)
        for (int j = 0; j < half; j++) sums[j] += sums[j + half];
    return sums[0];
}

template <class T>
static inline T square_root(T x) {
    if constexpr (sizeof(T) == sizeof(float))
        return __builtin_sqrtf(x);
    else
        return __builtin_sqrt(x);
}

// The rules of algorithm/optimizers.py, entry by entry; weights have decayed before.
template <class T>
static void update(const Step& step, T* parameters, T* moments, const T* gradient, int64_t size, int64_t begin,
                   int64_t end) {
    const OptimizerSettings& o = step.optimizer;
    T* __restrict p = parameters;
    const T* __restrict g = gradient;
    if (o.kind == Optimizer::gradient_descent) {
        const T rate = T(step.learning_rate);
        for (int64_t i = begin; i < end; i++) p[i] -= rate * g[i];
    } else if (o.kind == Optimizer::momentum) {
        const T rate = T(step.learning_rate), kept = T(o.beta1);
        T* __restrict v = moments;
        for (int64_t i = begin; i < end; i++) {
            v[i] = kept * v[i] + g[i];
            p[i] -= rate * v[i];
        }
    } else {  // Adam; m += (1 - beta1) (g - m) is beta1 m + (1 - beta1) g with one product to fuse
        const T rate = T(step.learning_rate), correction = T(step.correction);
        const T fresh1 = T(1 - o.beta1), fresh2 = T(1 - o.beta2), epsilon = T(o.epsilon);
        T* __restrict m = moments;
        T* __restrict v = moments + size;
        for (int64_t i = begin; i < end; i++) {
            m[i] += fresh1 * (g[i] - m[i]);
            v[i] += fresh2 * (g[i] * g[i] - v[i]);
            p[i] -= rate * m[i] / (square_root(v[i] * correction) + epsilon);
        }
    }
}

template <class T, int S>
static inline void transpose_stages(Vector<T> (&row)[LANES<T>]) {
    if constexpr (S > 0) {
        constexpr auto lanes = std::make_index_sequence<size_t(LANES<T>)>{};
#pragma GCC unroll 16
        for (int i = 0; i < LANES<T>; i++)
            if (!(i & S)) {
                const Vector<T> a = row[i], b = row[i + S];
                row[i] = exchange<S, false>(a, b, lanes);
                row[i + S] = exchange<S, true>(a, b, lanes);
            }
        transpose_stages<T, S / 2>(row);
    }
}

// The transposed weights of one panel, a square of vectors at a time.
template <class T>
static void transpose(const LayerPlan<T>& layer, const T* parameters, T* transposed, int64_t panel) {
    const Matrix<const T> W = layer.weight_matrix(parameters);
    const Matrix<T> Wt{transposed + layer.transposed, layer.transposed_panels(), layer.outputs};
    const int64_t first = panel * PANEL<T>;
    const int64_t columns = layer.outputs - first < PANEL<T> ? layer.outputs - first : PANEL<T>;
    for (int64_t k = 0; k < layer.inputs; k += LANES<T>)
        for (int64_t j = 0; j < columns; j += LANES<T>) {
            Vector<T> row[LANES<T>];
            for (int i = 0; i < LANES<T>; i++)
                row[i] = k + i < layer.inputs ? load(W.panel(panel, k + i) + j) : Vector<T>{};
            transpose_stages<T, LANES<T> / 2>(row);
            for (int i = 0; i < LANES<T> && j + i < columns; i++) store(&Wt.at(first + j + i, k), row[i]);
        }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
