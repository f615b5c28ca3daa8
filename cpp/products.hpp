// The three products of training, all on one micro-kernel: forward, input gradient, weight gradient.
//
// Every number that comes out is one chain of fused multiply-adds in ascending order of the summed index, so it does
// not depend on the tile it fell into, on the vectors' width or on the rows beside it. Only narrow layers differ:
// their sums run in as many lanes as a cache line has numbers and are then added in a fixed tree.
#pragma once

#include "plan.hpp"
#include "simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// A tile of sums fills the registers: 32 of them with AVX-512 (6 x 4), else 16 (6 x 2).
constexpr int TILE_ROWS = 6;
constexpr int TILE_VECTORS = VECTOR_BYTES == 64 ? 4 : 2;

// The left factor, element (i, t) at data[i * row + t * step].
template <class T>
struct Left {
    const T* data;
    int64_t row;
    int64_t step;
};

// Leaves sums as they are.
template <class T>
struct Plain {
    Vector<T> operator()(Vector<T> sum, const T*) const { return sum; }
};

// C (ROWS x VECTORS) (+)= A (ROWS x depth) * B (depth x VECTORS); `bias` starts the sums, or C itself where it is null.
template <int ROWS, int VECTORS, class T, class Finish>
static __attribute__((noinline)) void tile(Left<T> a, const T* b, int64_t b_step, int64_t depth, T* c,
                                                       int64_t c_row, const T* bias, const Finish& finish) {
    Vector<T> sum[ROWS][VECTORS];
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++)
            sum[i][v] = load((bias ? bias : c + i * c_row) + v * LANES<T>);
    for (int64_t t = 0; t < depth; t++) {
        Vector<T> right[VECTORS];
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) right[v] = load(b + t * b_step + v * LANES<T>);
#pragma GCC unroll 8
        for (int i = 0; i < ROWS; i++) {
            const Vector<T> left = broadcast(a.data[i * a.row + t * a.step]);
#pragma GCC unroll 8
            for (int v = 0; v < VECTORS; v++) sum[i][v] += left * right[v];
        }
    }
#pragma GCC unroll 8
    for (int i = 0; i < ROWS; i++)
#pragma GCC unroll 8
        for (int v = 0; v < VECTORS; v++) {
            T* to = c + i * c_row + v * LANES<T>;
            store(to, finish(sum[i][v], to));
        }
}

// Tiles of ROWS rows while there are so many, then of fewer.
template <int ROWS, int VECTORS, class T, class Finish>
static inline void tile_rows(int64_t rows, Left<T> a, const T* b, int64_t b_step, int64_t depth, T* c, int64_t c_row,
                             const T* bias, const Finish& finish) {
    int64_t i = 0;
    for (; i + ROWS <= rows; i += ROWS)
        tile<ROWS, VECTORS>(Left<T>{a.data + i * a.row, a.row, a.step}, b, b_step, depth, c + i * c_row, c_row, bias,
                            finish);
    if constexpr (ROWS > 1)
        if (i < rows)
            tile_rows<ROWS - 1, VECTORS>(rows - i, Left<T>{a.data + i * a.row, a.row, a.step}, b, b_step, depth,
                                         c + i * c_row, c_row, bias, finish);
}

// All the columns of one panel, up to whole vectors.
template <class T, class Finish>
static inline void tile_columns(int64_t columns, int64_t rows, Left<T> a, const T* b, int64_t b_step, int64_t depth,
                                T* c, int64_t c_row, const T* bias, const Finish& finish) {
    constexpr int64_t whole = TILE_VECTORS * LANES<T>;
    int64_t j = 0;
    auto start = [&] { return bias ? bias + j : nullptr; };
    for (; j + whole <= round_up(columns, LANES<T>); j += whole)
        tile_rows<TILE_ROWS, TILE_VECTORS>(rows, a, b + j, b_step, depth, c + j, c_row, start(), finish);
    for (; j < columns; j += LANES<T>)
        tile_rows<TILE_ROWS, 1>(rows, a, b + j, b_step, depth, c + j, c_row, start(), finish);
}

// C (rows x width) = bias + A (rows x depth) * B (depth x width), all three in panels; `bias` null starts from zero.
// `finish(sum, place in C)` is applied to whole sums.
template <class T, class Finish>
static inline void product(const T* a, Panels<T> a_panels, const T* b, Panels<T> b_panels, T* c, Panels<T> c_panels,
                           int64_t rows, const T* bias, const Finish& finish) {
    static const T zeros[PANEL<T>] = {};
    const int64_t last = a_panels.count() - 1;
    for (int64_t jp = 0; jp < b_panels.count(); jp++) {
        const int64_t columns = b_panels.width - jp * PANEL<T> < PANEL<T> ? b_panels.width - jp * PANEL<T> : PANEL<T>;
        T* to = c + c_panels.panel(jp);
        for (int64_t kp = 0; kp <= last; kp++) {
            const int64_t left = a_panels.width - kp * PANEL<T>;
            const Left<T> from{a + a_panels.panel(kp), a_panels.stride(), 1};
            const T* by = b + b_panels.panel(jp) + kp * PANEL<T> * b_panels.stride();
            const T* start = kp > 0 ? nullptr : bias ? bias + jp * PANEL<T> : zeros;
            const int64_t depth = left < PANEL<T> ? left : PANEL<T>;
            if (kp == last)
                tile_columns(columns, rows, from, by, b_panels.stride(), depth, to, c_panels.stride(), start, finish);
            else
                tile_columns(columns, rows, from, by, b_panels.stride(), depth, to, c_panels.stride(), start,
                             Plain<T>{});
        }
    }
}

// C (width of A x width of D) += transpose of A (rows x inputs) * D (rows x outputs), all three in panels; `fresh`
// starts from zero.
template <class T>
static inline void transposed_product(const T* a, Panels<T> a_panels, const T* d, Panels<T> d_panels, T* c,
                                      Panels<T> c_panels, int64_t rows, bool fresh) {
    static const T zeros[PANEL<T>] = {};
    constexpr int64_t together = 64;  // rows summed while a panel of C stays in the nearest cache
    for (int64_t kp = 0; kp < a_panels.count(); kp++) {
        const int64_t inputs = a_panels.width - kp * PANEL<T> < PANEL<T> ? a_panels.width - kp * PANEL<T> : PANEL<T>;
        for (int64_t jp = 0; jp < d_panels.count(); jp++) {
            const int64_t columns =
                d_panels.width - jp * PANEL<T> < PANEL<T> ? d_panels.width - jp * PANEL<T> : PANEL<T>;
            T* to = c + c_panels.panel(jp) + kp * PANEL<T> * c_panels.stride();
            for (int64_t r = 0; r < rows; r += together) {
                const Left<T> from{a + a_panels.panel(kp) + r * a_panels.stride(), 1, a_panels.stride()};
                const T* by = d + d_panels.panel(jp) + r * d_panels.stride();
                const int64_t depth = rows - r < together ? rows - r : together;
                tile_columns(columns, inputs, from, by, d_panels.stride(), depth, to, c_panels.stride(),
                             fresh && r == 0 ? zeros : nullptr, Plain<T>{});
            }
        }
    }
}

// One number of a narrow layer: bias + the sum over t of x(t) * w(t), both rows of panels.
template <class T>
static inline T narrow_sum(const T* x, Panels<T> x_panels, const T* w, Panels<T> w_panels, T bias) {
    constexpr int PARTS = int(LINE_BYTES) / VECTOR_BYTES;
    Vector<T> part[PARTS] = {};
    for (int64_t kp = 0; kp < x_panels.count(); kp++)
        for (int64_t t = 0; t < x_panels.stride(); t += LINE<T>)
            for (int i = 0; i < PARTS; i++)
                part[i] += load(x + x_panels.panel(kp) + t + i * LANES<T>) *
                           load(w + w_panels.panel(kp) + t + i * LANES<T>);
    T lanes[LINE<T>];
    for (int i = 0; i < PARTS; i++) store(lanes + i * LANES<T>, part[i]);
    for (int64_t half = LINE<T> / 2; half > 0; half /= 2)
        for (int64_t i = 0; i < half; i++) lanes[i] += lanes[i + half];
    return lanes[0] + bias;
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
