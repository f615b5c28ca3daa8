// Some slots of a batch, whose other rows are elsewhere: what each adds to the loss and to its gradient.
#include "shares.hpp"
#include "engine/buffer.hpp"
#include "engine/session.hpp"

namespace fitnet {

template <class T>
int64_t slots(const Layers& layers, int64_t batch) {
    return Plan<T>(layers).slots(batch);
}

template <class T>
void slot_gradients(const Layers& layers, const LossSettings& loss, const T* parameters, const Batch<T>& batch,
                    const Share& share, T* gradients, double* losses, Threads threads) {
    if (share.count == 0) return;
    StepWork<T> work(layers, parameters, loss, 0, batch.n, threads, {}, &share);
    work.set_batch(batch.rows, batch.order, 0, batch.n);
    with_helpers(work.threads(), work.scratch_bytes(), [&](Rounds& rounds) { differentiate(work, rounds); });
    const int64_t P = work.plan().n_flat;
    for (int64_t slot = 0; slot < share.count; slot++) {
        work.slot_gradient(slot, gradients + slot * P);
        losses[slot] = work.slot_loss(slot);
    }
}

template <class T>
void slot_losses(const Layers& layers, const LossSettings& settings, const T* parameters, const Batch<T>& batch,
                 const Share& share, double* losses, Threads threads) {
    const Plan<T> plan(layers);
    const Buffer<T> padded(plan.n_parameters);
    plan.pad(parameters, padded.get());
    const int useful = useful_threads(threads, share.count, plan.flops_a_row() / 3 * double(batch.rows.n));
    with_helpers(useful, loss_scratch_bytes(plan), [&](Rounds& rounds) {
        slot_losses(plan, settings, padded.get(), batch.rows, share, batch.n, double(batch.n), losses, rounds);
    });
}

template <class T>
double add_penalty(const Layers& layers, double l2, const T* parameters, T* gradient) {
    if (l2 == 0) return 0;
    StepWork<T> work(layers, parameters, {}, l2, 1, {1});
    work.add_penalty(gradient);
    return work.penalty();
}

#define FITNET_INSTANTIATE(T)                                                                                          \
    template int64_t slots<T>(const Layers&, int64_t);                                                                 \
    template void slot_gradients<T>(const Layers&, const LossSettings&, const T*, const Batch<T>&, const Share&, T*,   \
                                    double*, Threads);                                                                 \
    template void slot_losses<T>(const Layers&, const LossSettings&, const T*, const Batch<T>&, const Share&, double*, \
                                 Threads);                                                                             \
    template double add_penalty<T>(const Layers&, double, const T*, T*);
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
