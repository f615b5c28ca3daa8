// The first layer on piecewise-linear encodings, whose features are never made.
//
// A column's features are its value and, for each piece of its range, the share of the piece that lies below the entry:
// 1 for pieces before the entry's own, 0 for those behind. So of the pieces' weights W (pieces x outputs) an entry in
// piece t of a column needs two rows of matrices, however many pieces there are:
//
//     S[t] + share * W[t],    S[t] = the sum of the column's W[u] for u < t.
//
// The sums S are made once a step. Backward each entry adds its row of delta to the gradient with respect to S[t], and
// share times that to the one with respect to W[t]; what S[t] gets is then W[u]'s for all u < t.
//
// A row of X holds p values, then for the q columns that have pieces q shares, then the q numbers of the entries' own
// pieces, counted through all columns. Every number that comes out is one chain in ascending order of columns, or of
// rows, so that it depends neither on the vectors' width nor on threads.
#pragma once

#include <type_traits>

#include "kernels/level.hpp"
#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// Calls `visit(number of vectors, first column)` for as many columns of a panel, up to whole vectors.
template <class T, class Visit>
FITNET_INLINE void each_strip(int64_t columns, const Visit& visit) {
    constexpr int vectors = VECTOR_BYTES == 64 ? 4 : 8;  // that fit the registers beside what is added to them
    int64_t j = 0;
    for (; j + vectors * LANES<T> <= columns; j += vectors * LANES<T>) visit(std::integral_constant<int, vectors>{}, j);
    for (; j < columns; j += LANES<T>) visit(std::integral_constant<int, 1>{}, j);
}

// Z (rows x outputs) += what the pieces of every column contribute.
template <class T>
static void add_pieces(const Plan<T>& plan, const T* parameters, const BlockRows<T>& block, Matrix<T> z) {
    const Matrix<const T> W = plan.pieces.weights(parameters), S = plan.pieces.sums(parameters);
    const int64_t p = plan.inputs(), q = plan.pieces.n_columns(), row_size = plan.row_size(), stride = W.stride();
    for (int64_t panel = 0; panel < z.panels.count(); panel++)
        each_strip<T>(z.panels.columns(panel), [&](auto vectors, int64_t j) {
            constexpr int VECTORS = decltype(vectors)::value;
            for (int64_t r = 0; r < z.rows; r++) {
                const T* shares = block.rows->X + block.row(r) * row_size + p;
                T* to = z.panel(panel, r) + j;
                Vector<T> sum[VECTORS];
#pragma GCC unroll 8
                for (int v = 0; v < VECTORS; v++) sum[v] = load(to + v * LANES<T>);
                for (int64_t c = 0; c < q; c++) {
                    const Vector<T> share = broadcast(shares[c]);
                    const int64_t piece = int64_t(shares[q + c]) * stride + j;
                    const T *s = S.panel(panel) + piece, *w = W.panel(panel) + piece;
#pragma GCC unroll 8
                    for (int v = 0; v < VECTORS; v++) sum[v] += load(s + v * LANES<T>);
#pragma GCC unroll 8
                    for (int v = 0; v < VECTORS; v++) sum[v] += share * load(w + v * LANES<T>);
                }
#pragma GCC unroll 8
                for (int v = 0; v < VECTORS; v++) store(to + v * LANES<T>, sum[v]);
            }
        });
}

// The gradient with respect to one part of the pieces' weights, from delta (rows x outputs) of the whole batch.
template <class T>
static void differentiate_pieces(const Plan<T>& plan, const BlockRows<T>& batch, ConstMatrix<T> delta, T* gradient,
                                 int64_t part) {
    const int64_t column = plan.pieces.column_of(part), panel = plan.pieces.panel_of(part);
    const auto [begin, end] = plan.pieces.columns[size_t(column)];
    const Matrix<T> W = plan.pieces.weights(gradient), S = plan.pieces.sums(gradient);
    const int64_t q = plan.pieces.n_columns(), row_size = plan.row_size(), stride = W.stride();
    const T* shares = batch.rows->X + plan.inputs() + column;
    each_strip<T>(W.panels.columns(panel), [&, begin = begin, end = end](auto vectors, int64_t j) {
        constexpr int VECTORS = decltype(vectors)::value;
        T *s = S.panel(panel) + j, *w = W.panel(panel) + j;
        for (int64_t t = begin; t < end; t++)
            for (int v = 0; v < VECTORS; v++) {
                store(s + t * stride + v * LANES<T>, Vector<T>{});
                store(w + t * stride + v * LANES<T>, Vector<T>{});
            }
        for (int64_t r = 0; r < delta.rows; r++) {
            const T* code = shares + batch.row(r) * row_size;
            const Vector<T> share = broadcast(code[0]);
            const int64_t piece = int64_t(code[q]) * stride;
            const T* d = delta.panel(panel, r) + j;
#pragma GCC unroll 8
            for (int v = 0; v < VECTORS; v++) {
                const Vector<T> of_row = load(d + v * LANES<T>);
                T *to_s = s + piece + v * LANES<T>, *to_w = w + piece + v * LANES<T>;
                store(to_s, Vector<T>(load(to_s) + of_row));
                store(to_w, Vector<T>(load(to_w) + share * of_row));
            }
        }
        Vector<T> behind[VECTORS] = {};
        for (int64_t t = end - 1; t >= begin; t--)
            for (int v = 0; v < VECTORS; v++) {
                T* to = w + t * stride + v * LANES<T>;
                store(to, Vector<T>(load(to) + behind[v]));
                behind[v] += load(s + t * stride + v * LANES<T>);
            }
    });
}

// The sums of one part of the pieces' weights, once these are updated.
template <class T>
static void sum_pieces(const Plan<T>& plan, T* parameters, int64_t part) {
    const int64_t panel = plan.pieces.panel_of(part);
    const auto [begin, end] = plan.pieces.columns[size_t(plan.pieces.column_of(part))];
    const Matrix<T> W = plan.pieces.weights(parameters), S = plan.pieces.sums(parameters);
    for (int64_t j = 0; j < W.panels.columns(panel); j += LANES<T>) {
        Vector<T> before{};
        for (int64_t t = begin; t < end; t++) {
            store(S.panel(panel, t) + j, before);
            before += load(W.panel(panel, t) + j);
        }
    }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
