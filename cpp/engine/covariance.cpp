// What errors of a network's parameters do to its outputs, a block of rows at a time.
#include "engine/packed_network.hpp"

#include <algorithm>

namespace fitnet {

namespace {

constexpr int64_t B = CHOLESKY_BLOCK;

// Between two questions whether to go on: much longer than threads take to meet, and seconds at most.
int64_t blocks_a_thread(double flops_a_block) {
    return std::max<int64_t>(4, std::min<int64_t>(64, int64_t(1e9 / flops_a_block)));
}

// U = L^T in squares, beyond P the identity, from the rows of L side by side.
void pack(const double* factor, int64_t P, int64_t strips, double* squares) {
    for (int64_t row = 0; row < strips * B; row++) {  // of L, a column of U
        const int64_t panel = row / B, j = row % B;
        const double* L = factor + row * (row + 1) / 2;
        for (int64_t i = 0; row < P && i <= row; i++) squares[square_at(i / B, panel) + i % B * B + j] = L[i];
        if (row >= P) squares[square_at(panel, panel) + j * B + j] = 1;
    }
}

}  // namespace

struct PredictiveCovariance::Packed {
    Packed(const Layers& layers, const double* parameters, const double* factor)
        : network(layers, parameters), plan(layers), buffers(layers, plan.block_rows),
          squares(square_at(0, plan.strips)) {
        pack(factor, plan.n_parameters, plan.strips, squares.get());
        network.transposed_weights();
    }
    const PackedNetwork<double> network;
    const CovariancePlan<double> plan;
    const Plan<double> buffers;  // the same network's, for a block of this plan's rows
    Buffer<double> squares;
};

PredictiveCovariance::PredictiveCovariance(const Layers& layers, const double* parameters, const double* factor)
    : packed_(new Packed(layers, parameters, factor)) {}

PredictiveCovariance::~PredictiveCovariance() { delete packed_; }

bool PredictiveCovariance::rows(const double* X, int64_t n, double* covariances, Threads threads,
                                const KeepGoing& keep_going) const {
    const CovariancePlan<double>& plan = packed_->plan;
    const int64_t p = packed_->buffers.inputs(), m = plan.m;
    const int64_t blocks = (n + plan.block_rows - 1) / plan.block_rows;
    const int64_t n_scratch = packed_->buffers.n_scratch() + plan.n_scratch();
    const auto compute = [&](int64_t block) {
        double* scratch = own_scratch<double>(n_scratch);
        const int64_t first = block * plan.block_rows;
        kernels<double>().covariance_block(plan, packed_->buffers, packed_->network.parameters.get(),
                                           packed_->network.transposed_weights(), packed_->squares.get(), X + first * p,
                                           std::min(plan.block_rows, n - first), covariances + first * m * m, scratch);
    };
    const int useful = useful_threads(threads, blocks, plan.flops_a_row() * double(n));
    const int64_t together = useful * blocks_a_thread(plan.flops_a_row() * double(plan.block_rows));
    bool going = true;
    with_helpers(useful, n_scratch * int64_t(sizeof(double)),
                 [&](Rounds& rounds) {  // the question is asked between rounds, for it may call back
                     for (int64_t first = 0; first < blocks && (going = keep_going()); first += together)
                         rounds.lead(std::min(together, blocks - first),
                                     [&](int, int64_t task) { compute(first + task); });
                 });
    return going;
}

}  // namespace fitnet
