// The three products of training, all on one micro-kernel: forward, input gradient, weight gradient.
//
// Every number that comes out is one chain of fused multiply-adds in ascending order of the summed index, so it does
// not depend on the tile it fell into, on the vectors' width or on the rows beside it. Only narrow layers differ, see
// narrow_product.hpp.
#pragma once

#include "kernels/plan.hpp"
#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// A tile of sums fills the registers: 32 of them with AVX-512 (6 x 4), else 16 (6 x 2).
constexpr int TILE_ROWS = 6;
constexpr int TILE_VECTORS = VECTOR_BYTES == 64 ? 4 : 2;

// One product of matrices, C (rows x columns) (+)= A (rows x depth) * B (depth x columns). `bias` (columns) starts the
// sums, or C itself where it is null. Element (i, t) of A is a[i * a_row + t * a_step].
template <class T>
struct Product {
    const T* a;
    int64_t a_row;
    int64_t a_step;
    const T* b;
    int64_t b_row;
    T* c;
    int64_t c_row;
    const T* bias;
    int64_t depth;
    int64_t rows;
    int64_t columns;

    FITNET_INLINE Product below(int64_t row) const {
        Product rest = *this;
        rest.a += row * a_row;
        rest.c += row * c_row;
        rest.rows -= row;
        return rest;
    }
    FITNET_INLINE Product between(int64_t column, int64_t end) const {
        Product part = *this;
        part.b += column;
        part.c += column;
        if (bias) part.bias += column;
        part.columns = end - column;
        return part;
    }
};

// Leaves sums as they are.
template <class T>
struct Plain {
    Vector<T> operator()(Vector<T> sum, const T*) const { return sum; }
};

// The first ROWS rows and VECTORS vectors of C; `finish(sum, place in C)` is applied to the sums.
template <int ROWS, int VECTORS, class T, class Finish>
FITNET_INLINE void tile(const Product<T>& p, const Finish& finish) {
    Vector<T> sum[ROWS][VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) sum[i][v] = load((p.bias ? p.bias : p.c + i * p.c_row) + v * LANES<T>);
#pragma GCC unroll 4
    for (int64_t t = 0; t < p.depth; t++) {
        Vector<T> right[VECTORS];
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) right[v] = load(p.b + t * p.b_row + v * LANES<T>);
#pragma GCC unroll 8
        for (int i = 0; i < ROWS; i++) {
            const Vector<T> left = broadcast(p.a[i * p.a_row + t * p.a_step]);
#pragma GCC unroll 8
            for (int v = 0; v < VECTORS; v++) sum[i][v] += left * right[v];
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) {
            T* to = p.c + i * p.c_row + v * LANES<T>;
            store(to, finish(sum[i][v], to));
        }
}

// Tiles of ROWS rows while there are so many. Not inlined: among other code the compiler spills the sums.
template <int ROWS, int VECTORS, class T, class Finish>
static __attribute__((noinline)) void tiles(Product<T> p, const Finish& finish) {
    for (; p.rows >= ROWS; p = p.below(ROWS))
        for (int64_t j = 0; j < p.columns; j += VECTORS * LANES<T>)
            tile<ROWS, VECTORS>(p.between(j, p.columns), finish);
}

// Tiles of ROWS rows, then of fewer.
template <int ROWS, int VECTORS, class T, class Finish>
static inline void tile_rows(const Product<T>& p, const Finish& finish) {
    if (p.rows >= ROWS) tiles<ROWS, VECTORS>(p, finish);
    if constexpr (ROWS > 1)
        if (p.rows % ROWS > 0) tile_rows<ROWS - 1, VECTORS>(p.below(p.rows / ROWS * ROWS), finish);
}

// Few terms a sum: B is kept in registers and the rows of A are walked down.
template <int DEPTH, int VECTORS, class T, class Finish>
static __attribute__((noinline)) void shallow_rows(Product<T> p, const Finish& finish) {
    for (int64_t j = 0; j < p.columns; j += VECTORS * LANES<T>) {
        Vector<T> bias[VECTORS], right[DEPTH][VECTORS];
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) {
            bias[v] = load(p.bias + j + v * LANES<T>);
#pragma GCC unroll 8
            for (int t = 0; t < DEPTH; t++) right[t][v] = load(p.b + t * p.b_row + j + v * LANES<T>);
        }
        for (int64_t i = 0; i < p.rows; i++)
#pragma GCC unroll 8
            for (int v = 0; v < VECTORS; v++) {
                Vector<T> sum = bias[v];
#pragma GCC unroll 8
                for (int t = 0; t < DEPTH; t++) sum += broadcast(p.a[i * p.a_row + t]) * right[t][v];
                T* to = p.c + i * p.c_row + j + v * LANES<T>;
                store(to, finish(sum, to));
            }
    }
}

// Rows of any number, VECTORS vectors at a time, by whichever way is quicker for the depth.
template <int VECTORS, class T, class Finish>
static inline void multiply_columns(const Product<T>& p, const Finish& finish) {
    if (p.bias == nullptr || p.a_step != 1) return tile_rows<TILE_ROWS, VECTORS>(p, finish);
    switch (p.depth) {
        case 1: return shallow_rows<1, VECTORS>(p, finish);
        case 2: return shallow_rows<2, VECTORS>(p, finish);
        case 3: return shallow_rows<3, VECTORS>(p, finish);
        case 4: return shallow_rows<4, VECTORS>(p, finish);
        default: return tile_rows<TILE_ROWS, VECTORS>(p, finish);
    }
}

// All of C, up to whole vectors.
template <class T, class Finish>
static inline void multiply(const Product<T>& p, const Finish& finish) {
    constexpr int64_t vectors = TILE_VECTORS * LANES<T>;
    const int64_t whole = round_up(p.columns, LANES<T>) / vectors * vectors;
    if (whole > 0) multiply_columns<TILE_VECTORS>(p.between(0, whole), finish);
    if (whole < p.columns) multiply_columns<1>(p.between(whole, p.columns), finish);
}

// No bias: the sums start from zero.
template <class T>
constexpr const T* NO_BIAS = nullptr;

// Z = bias + A * W as one would write it down. `product` gives the same to the bit, cpp/tests/test_products.cpp says.
template <class T>
static inline void naive_product(ConstMatrix<T> a, ConstMatrix<T> W, Matrix<T> z, const T* bias) {
    for (int64_t r = 0; r < z.rows; r++)
        for (int64_t j = 0; j < W.width(); j++) {
            T sum = bias ? bias[j] : T(0);
            for (int64_t k = 0; k < W.rows; k++) {
                sum += a.at(r, k) * W.at(k, j);
                __asm__ volatile("");  // or the compiler multiplies vectors of terms first, and fuses nothing
            }
            z.at(r, j) = sum;
        }
}

// Z (rows x outputs) = bias + A (rows x inputs) * W (inputs x outputs), and `finish` applied to it.
template <class T, class Finish>
static inline void product(ConstMatrix<T> a, ConstMatrix<T> W, Matrix<T> z, const T* bias, const Finish& finish) {
    static const T zeros[PANEL<T>] = {};
    const int64_t last = a.panels.count() - 1;
    for (int64_t jp = 0; jp < W.panels.count(); jp++)
        for (int64_t kp = 0; kp <= last; kp++) {
            const T* start = kp > 0 ? nullptr : bias ? bias + jp * PANEL<T> : zeros;
            const Product<T> p{a.panel(kp),         a.stride(), 1,     W.panel(jp, kp * PANEL<T>), W.stride(),
                               z.panel(jp),         z.stride(), start, a.panels.columns(kp),       z.rows,
                               W.panels.columns(jp)};
            if (kp == last)
                multiply(p, finish);
            else
                multiply(p, Plain<T>{});
        }
}

// C (inputs x outputs) += transpose of A (rows x inputs) * D (rows x outputs); `fresh` starts from zero.
template <class T>
static inline void transposed_product(ConstMatrix<T> a, ConstMatrix<T> d, Matrix<T> c, bool fresh) {
    static const T zeros[PANEL<T>] = {};
    constexpr int64_t together = 64;  // rows summed while a panel of C stays in the nearest cache
    for (int64_t kp = 0; kp < a.panels.count(); kp++)
        for (int64_t jp = 0; jp < d.panels.count(); jp++)
            for (int64_t r = 0; r < a.rows; r += together)
                multiply(Product<T>{a.panel(kp, r), 1, a.stride(), d.panel(jp, r), d.stride(),
                                    c.panel(jp, kp * PANEL<T>), c.stride(), fresh && r == 0 ? zeros : nullptr,
                                    a.rows - r < together ? a.rows - r : together, a.panels.columns(kp),
                                    d.panels.columns(jp)},
                         Plain<T>{});
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
