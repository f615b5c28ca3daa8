// What errors of the parameters do to the outputs of a block of rows: J (U^T U)^-1 J^T = W^T W with W = U^-T J^T.
//
// W comes from J^T strip by strip, from the top: what the strips above take from one is subtracted in one product, then
// its own lines are eliminated. A column of it is one chain of operations in the order of the parameters, whatever the
// columns beside it.
#pragma once

#include "kernels/cholesky.hpp"
#include "kernels/covariance_plan.hpp"
#include "kernels/jacobian.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

constexpr int64_t LINES_TOGETHER = 96;  // of a product, that pass through the nearest caches together

// The numbers of one block, all in panels.
template <class T>
struct CovarianceBlock {
    const CovariancePlan<T>& plan;
    T* square;    // (PANEL, PANEL): products of a row's columns with each other
    T* products;  // (panels, CHOLESKY_BLOCK, PANEL): what is to be taken from a strip
    T* slopes;    // (panels, neurons, PANEL): dy/dz at the column's row
    T* lines;     // (panels, strips * CHOLESKY_BLOCK, PANEL): J^T, which becomes W

    CovarianceBlock(const CovariancePlan<T>& shape, T* scratch)
        : plan(shape), square(scratch), products(square + PANEL<T> * PANEL<T>),
          slopes(products + shape.panels * CHOLESKY_BLOCK * PANEL<T>),
          lines(slopes + shape.panels * shape.neurons * PANEL<T>) {}

    T* panel(int64_t q) const { return lines + q * plan.panel_size(); }

    // dy/dz of all neurons for every column. Columns without an output are 0.
    void find_slopes(const Scratch<T>& passes, const T* parameters, const T* transposed) const {
        std::memset(slopes, 0, size_t(plan.panels * plan.neurons * PANEL<T>) * sizeof(T));
        for (int64_t o = 0; o < plan.m; o++) {
            int64_t first = plan.neurons;  // of the layer, among all neurons
            backward_from(passes, parameters, transposed, o, [&](int64_t, const Matrix<const T>& delta) {
                first -= delta.width();
                for (int64_t r = 0; r < delta.rows; r++) {
                    T* column = slopes + (plan.panel(r, o) * plan.neurons + first) * PANEL<T> + plan.lane(r, o);
                    for (int64_t k = 0; k < delta.width(); k++) column[k * PANEL<T>] = delta.at(r, k);
                }
            });
        }
    }

    // J^T: the derivative with respect to the weight from neuron j to neuron k is a_j times dy/dz_k, that of a bias
    // the slope alone.
    void multiply_out(const Scratch<T>& passes) const {
        int64_t first = 0;
        for (int64_t l = 0; l < passes.plan.depth(); l++) {
            const LayerPlan<T>& layer = passes.plan.layers[size_t(l)];
            const Matrix<T> a = passes.activations(l);
            for (int64_t q = 0; q < plan.panels; q++)
                for (int64_t j = 0; j <= layer.inputs; j++) {
                    T input[PANEL<T>] = {};
                    for (int64_t r = 0; r < a.rows; r++)
                        for (int64_t o = 0; o < plan.m; o++)
                            if (plan.panel(r, o) == q) input[plan.lane(r, o)] = j < layer.inputs ? a.at(r, j) : T(1);
                    const T* from = slopes + (q * plan.neurons + first) * PANEL<T>;
                    T* to = panel(q) + (layer.flat + j * layer.outputs) * PANEL<T>;
                    for (int64_t k = 0; k < layer.outputs * PANEL<T>; k += PANEL<T>)
                        for (int64_t lane = 0; lane < PANEL<T>; lane += LANES<T>)
                            store(to + k + lane, Vector<T>(load(input + lane) * load(from + k + lane)));
                }
            first += layer.outputs;
        }
        for (int64_t q = 0; q < plan.panels; q++)
            std::memset(panel(q) + plan.n_parameters * PANEL<T>, 0,
                        size_t(plan.panel_size() - plan.n_parameters * PANEL<T>) * sizeof(T));
    }

    // W := U^-T J^T, of U the squares of an upper triangle.
    void whiten(const T* U) const {
        constexpr int64_t strip_size = CHOLESKY_BLOCK * PANEL<T>;
        for (int64_t strip = 0; strip < plan.strips; strip++) {
            const int64_t above = strip * CHOLESKY_BLOCK;
            std::memset(products, 0, size_t(plan.panels * strip_size) * sizeof(T));
            for (int64_t first = 0; first < above; first += LINES_TOGETHER)
                for (int64_t q = 0; q < plan.panels; q++)
                    add_transposed_product(U + square_at(0, strip) + first * CHOLESKY_BLOCK, CHOLESKY_BLOCK,
                                           CHOLESKY_BLOCK, panel(q) + first * PANEL<T>, PANEL<T>, PANEL<T>,
                                           products + q * strip_size, PANEL<T>,
                                           above - first < LINES_TOGETHER ? above - first : LINES_TOGETHER);
            for (int64_t q = 0; q < plan.panels; q++) {
                T* own = panel(q) + above * PANEL<T>;
                for (int64_t i = 0; i < strip_size; i++) own[i] -= products[q * strip_size + i];
                eliminate<T, PANEL<T>>(U + square_at(strip, strip), own);
            }
        }
    }

    // W^T W of each row's columns, (rows, m, m).
    void square_rows(int64_t rows, T* covariances) const {
        for (int64_t q = 0; plan.m == 1 && q < plan.panels; q++) sum_squares_of(q, rows, covariances);
        for (int64_t r = 0; plan.m > 1 && r < rows; r++)
            for (int64_t o = 0; o < plan.m; o += PANEL<T>)
                for (int64_t other = o; other < plan.m; other += PANEL<T>)
                    multiply_columns_of(r, o, other, covariances + r * plan.m * plan.m);
    }

private:
    // Where every column is a row of its own.
    void sum_squares_of(int64_t q, int64_t rows, T* variances) const {
        constexpr int PARTS = int(PANEL<T>) / LANES<T>;
        Vector<T> sums[PARTS] = {};
        for (int64_t i = 0; i < plan.n_parameters; i++)
#pragma GCC unroll 16
            for (int v = 0; v < PARTS; v++) {
                const Vector<T> w = load(panel(q) + i * PANEL<T> + v * LANES<T>);
                sums[v] += w * w;
            }
        for (int64_t lane = 0; lane < PANEL<T> && q * PANEL<T> + lane < rows; lane++)
            variances[q * PANEL<T> + lane] = sums[lane / LANES<T>][lane % LANES<T>];
    }

    // Of row r, up to a panel of outputs from `o` on with as many from `other` on.
    void multiply_columns_of(int64_t r, int64_t o, int64_t other, T* covariance) const {
        const int64_t m = plan.m, height = m - o < PANEL<T> ? m - o : PANEL<T>,
                      width = m - other < PANEL<T> ? m - other : PANEL<T>;
        std::memset(square, 0, size_t(PANEL<T> * PANEL<T>) * sizeof(T));
        add_transposed_product(panel(plan.panel(r, o)) + plan.lane(r, o), PANEL<T>, height,
                               panel(plan.panel(r, other)) + plan.lane(r, other), PANEL<T>, width, square, PANEL<T>,
                               plan.n_parameters);
        for (int64_t i = 0; i < height; i++)
            for (int64_t j = 0; j < width; j++)
                covariance[(o + i) * m + other + j] = covariance[(other + j) * m + o + i] = square[i * PANEL<T> + j];
    }
};

// X (rows, p), at most plan.block_rows, to covariances (rows, m, m); `network` has buffers for so many rows.
template <class T>
static void covariance_block(const CovariancePlan<T>& plan, const Plan<T>& network, const T* parameters,
                             const T* transposed, const T* U, const T* X, int64_t rows, T* covariances, T* scratch) {
    const Scratch<T> passes{network, scratch, rows};
    gather(passes, X);
    forward(passes, parameters, true);
    const CovarianceBlock<T> block(plan, scratch + network.n_scratch());
    block.find_slopes(passes, parameters, transposed);
    block.multiply_out(passes);
    block.whiten(U);
    block.square_rows(rows, covariances);
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
