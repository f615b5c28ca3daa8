// What is compiled once for every level: the work on a block of rows and on a stretch of parameters.
// level_*.cpp define these tables; `kernels` is the best one that the processor has.
#pragma once

#include "kernels/covariance_plan.hpp"
#include "kernels/hessian_plan.hpp"
#include "kernels/outer_products.hpp"
#include "kernels/plan.hpp"

namespace fitnet {

// What is dropped in one step: hidden units, each with a `probability` below 1.
struct Dropout {
    double probability;
    uint64_t seed;  // of the epoch
    int64_t step;   // within it
};

// Rows of a batch: row i of the block is `order[i]` of X, Y and weights, or `first + i` where `order` is null.
template <class T>
struct BlockRows {
    const Rows<T>* rows;
    const int64_t* order;
    int64_t first;
    int64_t count;
    double total_weight;               // of the whole batch
    const Dropout* dropout = nullptr;  // null: nothing is dropped
    int64_t in_batch = 0;              // where the block begins in the batch

    FITNET_INLINE int64_t row(int64_t i) const { return order ? order[i] : first + i; }
};

// One optimizer step, the same for every parameter. Adam's bias corrections (paper, eqs. 2.5.4-5) are in the factors.
struct Step {
    OptimizerSettings optimizer;
    double learning_rate;  // Adam: over 1 - beta1^t
    double correction;     // Adam: 1 / (1 - beta2^t)
    double kept;           // Adam: what decay leaves of every weight, 1 - rate * weight_decay
};

template <class T>
struct Level {
    // Forward and backward through all layers: adds to `gradient`, or starts it where `fresh`; returns the block's
    // share of the batch's loss. Where columns are encoded the first layer's delta is written to `first_delta`. This
    // alone drops units.
    double (*train_block)(const Plan<T>& plan, const LossSettings& loss, const T* parameters, const T* transposed,
                          const BlockRows<T>& block, T* scratch, T* gradient, bool fresh, Matrix<T> first_delta);
    // Forward alone: the block's share of the batch's loss, the same to the bit.
    double (*measure_block)(const Plan<T>& plan, const LossSettings& loss, const T* parameters,
                            const BlockRows<T>& block, T* scratch);
    // X (rows, p) to out (rows, m), at most plan.block_rows rows.
    void (*predict_block)(const Plan<T>& plan, const T* parameters, const T* X, int64_t rows, T* out, T* scratch);
    // X (rows, p) to dy_dx (rows, m, p), at most plan.block_rows rows. `transposed` includes the first layer's weights;
    // it is null where there are no more inputs than outputs.
    void (*jacobian_block)(const Plan<T>& plan, const T* parameters, const T* transposed, const T* X, int64_t rows,
                           T* dy_dx, T* scratch);
    // X (rows, p) to d2y_dx2 (rows, m, p, p), at most plan.block_rows rows, with the user's parameters as they lie.
    void (*hessian_block)(const HessianPlan<T>& plan, const T* parameters, const T* X, int64_t rows, T* d2y_dx2,
                          T* scratch);
    // The block's rows of every layer, from row `first` of the chunk on; returns their sum of squared residuals.
    double (*differentiate_block)(const Plan<T>& plan, const T* parameters, const T* transposed,
                                  const BlockRows<T>& block, T* scratch, const LayerRows<T>* layers, int64_t first);
    // The same for the curvature of the cross-entropy, without residuals.
    void (*differentiate_classes)(const Plan<T>& plan, const T* parameters, const T* transposed,
                                  const BlockRows<T>& block, T* scratch, const LayerRows<T>* layers, int64_t first);
    // The products [first, last) of `outer`, each the sum over `terms`, to a matrix (rows, stride).
    void (*outer_products)(const Outer& outer, const Factor<T>& left, const Factor<T>& right, int64_t terms,
                           int64_t rows, int64_t first, int64_t last, T* to, int64_t stride);
    // C (a_columns x b_columns) += transpose of A (rows x a_columns) * B (rows x b_columns).
    void (*add_transposed_product)(const T* a, int64_t a_row, int64_t a_columns, const T* b, int64_t b_row,
                                   int64_t b_columns, T* c, int64_t c_row, int64_t rows);
    // X := U^-T X for squares of CHOLESKY_BLOCK; with U = X the square is factorised, false: not positive definite.
    bool (*eliminate)(const T* U, T* X);
    // X (rows, p) to J (U^T U)^-1 J^T (rows, m, m), at most plan.block_rows rows, for which `network` has buffers; U in
    // squares, an upper triangle.
    void (*covariance_block)(const CovariancePlan<T>& plan, const Plan<T>& network, const T* parameters,
                             const T* transposed, const T* U, const T* X, int64_t rows, T* covariances, T* scratch);
    // gradient[begin, end) = the sum of all slots, in order.
    void (*sum_slots)(T* gradient, const T* slots, int64_t n_slots, int64_t size, int64_t begin, int64_t end);
    // gradient[begin, end) += factor * parameters[begin, end).
    void (*add_decay)(T* gradient, const T* parameters, T factor, int64_t begin, int64_t end);
    // parameters[begin, end) *= factor.
    void (*shrink)(T* parameters, T factor, int64_t begin, int64_t end);
    // The sum of the squares of parameters[begin, end), which are whole cache lines.
    double (*sum_squares)(const T* parameters, int64_t begin, int64_t end);
    // Parameters and moments [begin, end) by one step.
    void (*update)(const Step& step, T* parameters, T* moments, const T* gradient, int64_t size, int64_t begin,
                   int64_t end);
    // The transposed weights of panel `panel` of one layer.
    void (*transpose)(const LayerPlan<T>& layer, const T* parameters, T* transposed, int64_t panel);
    // The gradient with respect to one part of the pieces' weights, from the first layer's delta of the whole batch.
    void (*differentiate_pieces)(const Plan<T>& plan, const BlockRows<T>& batch, ConstMatrix<T> delta, T* gradient,
                                 int64_t part);
    // The sums of one part of the pieces' weights.
    void (*sum_pieces)(const Plan<T>& plan, T* parameters, int64_t part);
};

// The table of the level in use.
template <class T>
const Level<T>& kernels();

namespace baseline {
extern const Level<float> level_float;
extern const Level<double> level_double;
}  // namespace baseline
#ifdef FITNET_X86
namespace avx2 {
extern const Level<float> level_float;
extern const Level<double> level_double;
}  // namespace avx2
namespace avx512 {
extern const Level<float> level_float;
extern const Level<double> level_double;
}  // namespace avx512
#endif

}  // namespace fitnet
