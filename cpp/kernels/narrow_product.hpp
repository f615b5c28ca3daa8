// The product forward through a narrow layer, whose few outputs would fill no vector.
//
// Its sums run in as many lanes as a cache line has numbers and are then added in a fixed tree, so that neither the
// vectors' width nor the rows beside it change a bit.
#pragma once

#include "kernels/panels.hpp"
#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// The lanes of every row added in a fixed tree, for as many rows as a vector has lanes: lane i is the sum of row i.
template <class T, int S>
static inline Vector<T> add_lanes(Vector<T> (&row)[LANES<T>]) {
    if constexpr (S == 0) {
        return row[0];
    } else {
        constexpr auto lanes = std::make_index_sequence<size_t(LANES<T>)>{};
#pragma GCC unroll 16
        for (int i = 0; i < S; i++)
            row[i] = exchange<S, false>(row[i], row[i + S], lanes) + exchange<S, true>(row[i], row[i + S], lanes);
        return add_lanes<T, S / 2>(row);
    }
}

// x * w of one row of a narrow layer, summed in the lanes of a cache line and then in those of one vector.
template <class T>
static inline Vector<T> narrow_lanes(Matrix<const T> x, Matrix<const T> w) {
    constexpr int PARTS = int(LINE_BYTES) / VECTOR_BYTES;
    Vector<T> part[PARTS] = {};
    for (int64_t kp = 0; kp < x.panels.count(); kp++)
        for (int64_t t = 0; t < x.stride(); t += LINE<T>)
            for (int i = 0; i < PARTS; i++)
                part[i] += load(x.panel(kp) + t + i * LANES<T>) * load(w.panel(kp) + t + i * LANES<T>);
    for (int half = PARTS / 2; half > 0; half /= 2)
        for (int i = 0; i < half; i++) part[i] += part[i + half];
    return part[0];
}

// Z (rows x outputs) = bias + A (rows x inputs) * transpose of W (outputs x inputs).
template <class T>
static inline void narrow_product(ConstMatrix<T> a, ConstMatrix<T> W, Matrix<T> z, const T* bias) {
    for (int64_t j = 0; j < W.rows; j++)
        for (int64_t r = 0; r < z.rows; r += LANES<T>) {
            const int64_t count = z.rows - r < LANES<T> ? z.rows - r : LANES<T>;
            Vector<T> row[LANES<T>] = {};
            for (int64_t i = 0; i < count; i++) row[i] = narrow_lanes<T>(a.below(r + i), W.below(j));
            const Vector<T> sums = add_lanes<T, LANES<T> / 2>(row);
            for (int64_t i = 0; i < count; i++) z.at(r + i, j) = sums[i] + bias[j];
        }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
