// Second derivatives of a network's outputs with respect to its inputs, a block of rows at a time.
#include "engine/row_blocks.hpp"
#include "kernels/level.hpp"

namespace fitnet {

template <class T>
void input_hessian(const Layers& layers, const T* parameters, const T* X, int64_t n, T* d2y_dx2, Threads threads) {
    const HessianPlan<T> plan(layers);
    const Level<T>& level = kernels<T>();
    const RowBlocks blocks{n, plan.block_rows, plan.flops_a_row(), plan.block_rows * plan.numbers_a_row()};
    for_blocks<T>(blocks, threads, [&](int64_t first, int64_t rows, T* scratch) {
        level.hessian_block(plan, parameters, X + first * plan.p, rows, d2y_dx2 + first * plan.m * plan.p * plan.p,
                            scratch);
    });
}

template void input_hessian<float>(const Layers&, const float*, const float*, int64_t, float*, Threads);
template void input_hessian<double>(const Layers&, const double*, const double*, int64_t, double*, Threads);

}  // namespace fitnet
