// The mean of the loss over rows, forward alone.
#pragma once

#include "engine/own_scratch.hpp"
#include "engine/thread_pool.hpp"
#include "kernels/level.hpp"
#include "shares.hpp"

namespace fitnet {

template <class T>
double weight_of(const Rows<T>& rows) {
    if (!rows.weights) return double(rows.n);
    double weight = 0;
    for (int64_t i = 0; i < rows.n; i++) weight += double(rows.weights[i]);
    return weight;
}

template <class T>
int useful_for_loss(const Plan<T>& plan, int64_t n, Threads threads) {
    return useful_threads(threads, plan.slots(n), plan.flops_a_row() / 3 * double(n));
}

template <class T>
int64_t loss_scratch_bytes(const Plan<T>& plan) {
    return plan.n_forward_scratch() * int64_t(sizeof(T));
}

// The loss of every slot of a share, whose rows `rows` are, to `losses`: summed over all n rows' slots they are a mean.
// `weight` is that of all n rows; `parameters` in the engine's layout.
template <class T>
void slot_losses(const Plan<T>& plan, const LossSettings& settings, const T* parameters, const Rows<T>& rows,
                 const Share& share, int64_t n, double weight, double* losses, Rounds& rounds) {
    rounds.lead(share.count, [&](int, int64_t slot) {
        T* scratch = own_scratch<T>(plan.n_forward_scratch());
        const int64_t end = share.begin(n, slot + 1);
        losses[slot] = 0;
        for (int64_t r = share.begin(n, slot); r < end; r += plan.block_rows) {
            const int64_t count = end - r < plan.block_rows ? end - r : plan.block_rows;
            const BlockRows<T> block{&rows, nullptr, r, count, weight};
            losses[slot] += kernels<T>().measure_block(plan, settings, parameters, block, scratch);
        }
    });
}

// Slots and blocks are those of a step on all rows, summed in the same order: the same bits.
template <class T>
double mean_loss(const Plan<T>& plan, const LossSettings& settings, const T* parameters, const Rows<T>& rows,
                 Rounds& rounds) {
    const int64_t slots = plan.slots(rows.n);
    double losses[MOST_SLOTS], sum = 0;
    slot_losses(plan, settings, parameters, rows, {slots, 0, slots}, rows.n, weight_of(rows), losses, rounds);
    for (int64_t slot = 0; slot < slots; slot++) sum += losses[slot];
    return sum;
}

template <class T>
double mean_loss(const Plan<T>& plan, const LossSettings& settings, const T* parameters, const Rows<T>& rows,
                 Threads threads) {
    double loss = 0;
    with_helpers(useful_for_loss(plan, rows.n, threads), loss_scratch_bytes(plan),
                 [&](Rounds& rounds) { loss = mean_loss(plan, settings, parameters, rows, rounds); });
    return loss;
}

}  // namespace fitnet
