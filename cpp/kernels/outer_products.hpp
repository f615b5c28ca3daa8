// The normal equations' shapes: which products of a row's numbers there are, and where they lie.
//
// The derivative of output o with respect to the parameter from neuron j to neuron k of layer l is u_j d_k, with u the
// layer's inputs and a 1 for the biases, and d = dy_o/dz of the layer. So for layers l and l'
//
//     (J^T W J)[(l, j, k), (l', j', k')] = sum over rows of (u_j u'_j') (w sum over outputs of d_k d'_k'),
//
// a product of two matrices, (pairs of inputs x rows) by (rows x pairs of outputs), whatever the number of outputs.
#pragma once

#include "kernels/plan.hpp"

namespace fitnet {

// Which pairs (i, j) of the entries of two rows: all, of one row with itself those with i <= j, or those with i = j.
enum class Pairs : int { all, upper, diagonal };

struct Outer {
    Pairs pairs;
    int64_t left;
    int64_t right;

    FITNET_INLINE int64_t count() const { return begin(left); }
    // The place of pair (i, i) or, where there are all, (i, 0): the first of those that begin with entry i.
    FITNET_INLINE int64_t begin(int64_t i) const {
        return pairs == Pairs::all ? i * right : pairs == Pairs::upper ? i * left - i * (i - 1) / 2 : i;
    }
    FITNET_INLINE int64_t at(int64_t i, int64_t j) const { return begin(i) + (pairs == Pairs::all ? j : j - i); }

    // Calls visit(i, j, count, place) for pairs (i, j), (i, j + 1), ... side by side, which make up [first, last).
    template <class Visit>
    FITNET_INLINE void each_run(int64_t first, int64_t last, const Visit& visit) const {
        int64_t i = 0;
        while (begin(i + 1) <= first) i++;
        for (int64_t place = first; place < last; i++) {
            const int64_t end = begin(i + 1) < last ? begin(i + 1) : last;
            visit(i, place - begin(i) + (pairs == Pairs::all ? 0 : i), end - place, place);
            place = end;
        }
    }
};

// Of a chunk of rows, what one layer contributes. Every row has room for a vector beyond its end.
template <class T>
struct LayerRows {
    int64_t inputs;  // with the 1 for the biases
    int64_t outputs;
    int64_t input_stride;
    int64_t output_stride;
    T* u;         // (rows, input_stride): the inputs and the 1
    T* d;         // (rows, m, output_stride): dy/dz
    T* weighted;  // the same times the row's weight
    T* residual;  // (rows, output_stride): the sum over outputs of weighted dy/dz times the residual
};

// Rows to be multiplied with each other: entry i of term t of row r is values[r * row + t * term + i].
template <class T>
struct Factor {
    const T* values;
    int64_t row;
    int64_t term;
    Factor from(int64_t r) const { return {values + r * row, row, term}; }
};

// Products lie in rows of so many, with room for a vector beyond: those of outputs PANEL<T> to a row, those of inputs,
// of which one thread takes as many at once, whole tiles.
constexpr int64_t INPUT_PRODUCTS = 48;
template <class T>
constexpr int64_t OUTPUT_STRIDE = PANEL<T> + LINE<T>;
template <class T>
constexpr int64_t INPUT_STRIDE = INPUT_PRODUCTS + LINE<T>;

}  // namespace fitnet
