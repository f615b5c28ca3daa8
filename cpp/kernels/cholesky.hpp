// Inside a strip of CHOLESKY_BLOCK rows of Cholesky's factor U, U^T U = A: factorisation and forward substitution.
#pragma once

#include "kernels/normal_equations.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

constexpr int64_t ELIMINATED = 12;  // rows that are eliminated one by one; those above them in one product

// Row `to` -= factor * row `from`, both COLUMNS long.
template <int64_t COLUMNS, class T>
static inline void subtract_row(T* to, T factor, const T* from) {
    const Vector<T> x = broadcast(T(-factor));
    for (int64_t j = 0; j < COLUMNS; j += LANES<T>) {
        Vector<T> rest = load(to + j);
        rest += x * load(from + j);
        store(to + j, rest);
    }
}

// X := U^-T X for X (CHOLESKY_BLOCK, COLUMNS) and the upper triangle of a square U. Where U and X are one matrix it is
// factorised in place, and false means that it is not positive definite.
template <class T, int64_t COLUMNS = CHOLESKY_BLOCK>
static bool eliminate(const T* U, T* X) {
    constexpr int64_t B = CHOLESKY_BLOCK, C = COLUMNS;
    alignas(LINE_BYTES) T above[ELIMINATED * C];
    for (int64_t first = 0; first < B; first += ELIMINATED) {
        if (first > 0) {
            for (T& sum : above) sum = 0;
            for (int64_t j = 0; j < C; j += PANEL<T>)
                add_transposed_product(U + first, B, ELIMINATED, X + j, C, j + PANEL<T> < C ? PANEL<T> : C - j,
                                       above + j, C, first);
            for (int64_t i = 0; i < ELIMINATED; i++) subtract_row<C>(X + (first + i) * C, T(1), above + i * C);
        }
        for (int64_t i = first; i < first + ELIMINATED; i++) {
            for (int64_t k = first; k < i; k++) subtract_row<C>(X + i * C, U[k * B + i], X + k * C);
            const T pivot = U == X ? T(__builtin_sqrt(double(X[i * C + i]))) : U[i * B + i];
            if (!(pivot > 0) || !(pivot < T(__builtin_inf()))) return false;
            const Vector<T> scale = broadcast(T(1) / pivot);
            for (int64_t j = 0; j < C; j += LANES<T>) store(X + i * C + j, Vector<T>(scale * load(X + i * C + j)));
            if (U == X) X[i * C + i] = pivot;
        }
    }
    return true;
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
