// How the derivatives of a few rows' outputs with respect to all parameters, J^T, lie in memory.
//
// Each output of each row is a column, and PANEL columns are a panel, whose rows, one a parameter, lie side by side:
//
//     panel 0: | row 0: outputs 0 .. m-1 | row 1 | ... |      panel 1: | the next rows ...
//     P lines, and on to whole squares of CHOLESKY_BLOCK
//
// A row's outputs share a panel, or begin one and fill several.
#pragma once

#include "kernels/plan.hpp"

namespace fitnet {

constexpr int64_t CHOLESKY_BLOCK = 48;  // rows and columns of a square of Cholesky's factor: whole tiles
constexpr int64_t SQUARE = CHOLESKY_BLOCK * CHOLESKY_BLOCK;

// Where a square of an upper triangle lies: in panels of CHOLESKY_BLOCK columns, down to the diagonal.
FITNET_INLINE constexpr int64_t square_at(int64_t strip, int64_t panel) {
    return (panel * (panel + 1) / 2 + strip) * SQUARE;
}

template <class T>
struct CovariancePlan {
    int64_t m;
    int64_t n_parameters;  // P
    int64_t strips;        // of CHOLESKY_BLOCK lines each, that hold P
    int64_t neurons = 0;   // of all layers
    int64_t rows_a_panel;  // 1 where a row fills several
    int64_t block_rows;    // rows of X that are whitened together, so that they share what is read of the factor
    int64_t panels;        // of a block

    explicit CovariancePlan(const Layers& layers) : m(layers.back().outputs), n_parameters(0) {
        for (const Layer& layer : layers) {
            n_parameters += (layer.inputs + 1) * layer.outputs;
            neurons += layer.outputs;
        }
        strips = (n_parameters + CHOLESKY_BLOCK - 1) / CHOLESKY_BLOCK;
        rows_a_panel = m < PANEL<T> ? PANEL<T> / m : 1;
        const int64_t panels_a_row = (m + PANEL<T> - 1) / PANEL<T>;
        block_rows = panels_a_row > 1 ? 1 : 2 * rows_a_panel;
        panels = panels_a_row > 1 ? panels_a_row : 2;
    }

    FITNET_INLINE int64_t panel_size() const { return strips * CHOLESKY_BLOCK * PANEL<T>; }
    FITNET_INLINE int64_t panel(int64_t row, int64_t output) const { return row / rows_a_panel + output / PANEL<T>; }
    FITNET_INLINE int64_t lane(int64_t row, int64_t output) const { return row % rows_a_panel * m + output % PANEL<T>; }

    // J^T, a line of it for every neuron's dy/dz, the products of a strip, and those of a row with itself.
    int64_t n_scratch() const {
        return panels * (panel_size() + neurons * PANEL<T> + CHOLESKY_BLOCK * PANEL<T>)+PANEL<T> * PANEL<T> + PANEL<T>;
    }
    double flops_a_row() const { return double(m) * double(n_parameters) * double(n_parameters); }
};

}  // namespace fitnet
