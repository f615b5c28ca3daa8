// Training: the loss with its gradient, and whole epochs.
#include <chrono>
#include <cmath>
#include <cstring>

#include "engine/trainer.hpp"

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto PATIENCE = std::chrono::milliseconds(20);  // between two questions whether to go on

// Moments (k, P) between the user's layout and the engine's.
template <class T>
struct Moments {
    Moments(const Plan<T>& plan, int64_t count, const T* flat)
        : plan(plan), count(count), padded(count * plan.n_parameters) {
        for (int64_t i = 0; i < count; i++) plan.pad(flat + i * plan.n_flat, padded.get() + i * plan.n_parameters);
    }
    void give_back(T* flat) const {
        for (int64_t i = 0; i < count; i++) plan.unpad(padded.get() + i * plan.n_parameters, flat + i * plan.n_flat);
    }
    const Plan<T>& plan;
    const int64_t count;
    Buffer<T> padded;
};

Step next_step(const OptimizerSettings& optimizer, double rate, int64_t number) {
    if (optimizer.kind != Optimizer::adam) return {optimizer, rate, 1};
    const double t = double(number);
    return {optimizer, rate / (1 - std::pow(optimizer.beta1, t)), 1 / (1 - std::pow(optimizer.beta2, t))};
}

}  // namespace

template <class T>
double loss_and_gradient(const Layers& layers, const LossSettings& loss, double l2, const T* parameters,
                         const Rows<T>& rows, T* gradient, Threads threads) {
    Trainer<T> trainer(layers, parameters, rows, loss, l2, rows.n, threads);
    trainer.set_batch(nullptr, 0, rows.n);
    const Rounds::Work train = [&](int thread, int64_t slot) { trainer.train_slot(thread, slot); };
    const Rounds::Work sum = [&](int, int64_t stretch) { trainer.update_stretch(stretch, nullptr, nullptr); };
    with_helpers(trainer.threads(), [&](Rounds& rounds) {
        rounds.lead(trainer.n_slots(), train);
        rounds.lead(trainer.n_stretches(), sum);
    });
    trainer.plan().unpad(trainer.gradient(), gradient);
    return trainer.objective();
}

template <class T>
bool run_epochs(const Layers& layers, EpochsCall<T>& call, Threads threads, const KeepGoing& keep_going) {
    const int64_t n = call.rows.n, steps = (n + call.batch_size - 1) / call.batch_size;
    const int64_t n_moments = int64_t(call.optimizer.kind);  // gradient descent 0, momentum 1, Adam 2
    Trainer<T> trainer(layers, call.parameters, call.rows, call.loss, call.l2, call.batch_size, threads);
    const Plan<T>& plan = trainer.plan();
    Moments<T> moments(plan, n_moments, call.moments);

    double epoch_weight = double(n);
    if (call.rows.weights) {
        epoch_weight = 0;
        for (int64_t i = 0; i < n; i++) epoch_weight += double(call.rows.weights[i]);
    }
    Buffer<T> best(call.best.parameters ? plan.n_parameters : 0);
    bool improved = false;
    Step now{call.optimizer, 0, 0};
    const Rounds::Work train = [&](int thread, int64_t slot) { trainer.train_slot(thread, slot); };
    const Rounds::Work update = [&](int, int64_t stretch) {
        trainer.update_stretch(stretch, &now, moments.padded.get());
    };
    const Rounds::Work transpose = [&](int, int64_t panel) { trainer.transpose(panel); };
    auto take_step = [&](Rounds& rounds, int64_t epoch, int64_t step) {
        const int64_t first = step * call.batch_size;
        trainer.set_batch(call.row_orders ? call.row_orders + epoch * n : nullptr, first,
                          n - first < call.batch_size ? n - first : call.batch_size);
        if (trainer.total_weight() == 0) return;  // every row of the batch weighs nothing
        rounds.lead(trainer.n_slots(), train);
        const double loss = trainer.objective();
        call.losses[epoch] += loss * trainer.total_weight() / epoch_weight;
        if (call.best.parameters && loss < call.best.loss) {
            call.best.loss = loss;
            call.best.epoch = call.step;
            std::memcpy(best.get(), trainer.parameters(), size_t(plan.n_parameters) * sizeof(T));
            improved = true;
        }
        now = next_step(call.optimizer, call.learning_rates[epoch * steps + step], ++call.step);
        rounds.lead(trainer.n_stretches(), update);
        if (trainer.n_panels() > 0) rounds.lead(trainer.n_panels(), transpose);
    };
    bool going = true;
    with_helpers(trainer.threads(), [&](Rounds& rounds) {
        auto asked = Clock::now();
        for (int64_t epoch = 0; epoch < call.epochs && going; epoch++) {
            call.losses[epoch] = 0;
            for (int64_t step = 0; step < steps && going; step++) {
                take_step(rounds, epoch, step);
                if (Clock::now() - asked < PATIENCE) continue;
                going = keep_going();
                asked = Clock::now();
            }
        }
    });
    if (improved) plan.unpad(best.get(), call.best.parameters);
    plan.unpad(trainer.parameters(), call.parameters);
    moments.give_back(call.moments);
    return going;
}

#define FITNET_INSTANTIATE(T)                                                                                      \
    template double loss_and_gradient<T>(const Layers&, const LossSettings&, double, const T*, const Rows<T>&, T*, \
                                         Threads);                                                                 \
    template bool run_epochs<T>(const Layers&, EpochsCall<T>&, Threads, const KeepGoing&);
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
