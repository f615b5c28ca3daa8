// What a training holds from epoch to epoch, and its work on the threads of one call.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/mean_loss.hpp"
#include "engine/step_work.hpp"

namespace fitnet {

inline Step next_step(const OptimizerSettings& optimizer, double rate, int64_t number) {
    if (optimizer.kind != Optimizer::adam) return {optimizer, rate, 1, 1};
    const double t = double(number);
    return {optimizer, rate / (1 - std::pow(optimizer.beta1, t)), 1 / (1 - std::pow(optimizer.beta2, t)),
            1 - rate * optimizer.weight_decay};
}

// Forward and backward of the batch that is set, on the threads of `rounds`.
template <class T>
inline void differentiate(StepWork<T>& work, Rounds& rounds) {
    rounds.lead(work.n_slots(), [&](int, int64_t slot) { work.train_slot(slot); });
    if (work.n_parts() > 0) rounds.lead(work.n_parts(), [&](int, int64_t part) { work.train_part(part); });
}

// The objective on the batch that is set; the gradient (P) is written.
template <class T>
inline double gradient_of_batch(StepWork<T>& work, T* gradient) {
    with_helpers(work.threads(), work.scratch_bytes(), [&](Rounds& rounds) {
        differentiate(work, rounds);
        rounds.lead(work.n_stretches(), [&](int, int64_t stretch) { work.sum_stretch(stretch); });
    });
    work.plan().unpad(work.gradient(), gradient);
    return work.objective();
}

template <class T>
struct Trainer<T>::Session {
    Session(const Layers& layers, const TrainerSettings& of, const T* start, Threads allowed)
        : settings(of), threads(allowed), work(layers, start, of.loss, of.l2, of.batch_size, allowed, of.pieces),
          n_moments(int64_t(of.optimizer.kind)),  // gradient descent 0, momentum 1, Adam 2
          moments(n_moments * work.plan().n_parameters), best(work.plan().n_parameters) {
        copy(work.parameters(), best.get());
    }

    void copy(const T* from, T* to) const { std::memcpy(to, from, size_t(work.plan().n_parameters) * sizeof(T)); }

    // The update of all parameters, whose gradient is there or, where `sums`, is summed first.
    void update(Rounds& rounds, double rate, bool sums) {
        const Step now = next_step(settings.optimizer, rate, ++steps);
        rounds.lead(work.n_stretches(), [&](int, int64_t stretch) {
            if (sums) work.sum_stretch(stretch);
            work.update_stretch(stretch, now, moments.get());
        });
        if (work.n_derived() > 0) rounds.lead(work.n_derived(), [&](int, int64_t i) { work.derive(i); });
    }

    // Takes the parameters as they are for what a call has found, if they are better.
    void keep_lower(double loss, int64_t epoch) {
        if (!(loss < lower_loss)) return;
        copy(work.parameters(), lower.at_least(work.plan().n_parameters));
        lower_loss = loss;
        lower_epoch = epoch;
    }

    // One epoch of a call; false where `go_on` ended it.
    template <class GoOn>
    bool epoch(const EpochsCall<T>& call, int64_t number, Rounds& rounds, const GoOn& go_on) {
        const int64_t n = call.rows.n, batch = settings.batch_size, n_steps = (n + batch - 1) / batch;
        const double epoch_weight = weight_of(call.rows);
        const bool keeps = settings.keeps_lowest && !call.validation_losses;
        call.losses[number] = 0;
        for (int64_t i = 0; i < n_steps; i++) {
            const int64_t first = i * batch;
            const Dropout dropout{settings.dropout, call.seeds ? call.seeds[number] : 0, i};
            work.set_batch(call.rows, call.orders ? call.orders + number * n : nullptr, first,
                           n - first < batch ? n - first : batch, dropout);
            if (work.total_weight() > 0) {  // else every row of the batch weighs nothing
                differentiate(work, rounds);
                const double objective = work.objective();
                if (keeps) keep_lower(objective, epochs + number);
                update(rounds, call.rates[number * n_steps + i], true);
                call.losses[number] += objective * work.total_weight() / epoch_weight;
            }
            if (!go_on()) return false;
        }
        return true;
    }

    // The loss on the watched rows after an epoch of a call; the lowest is kept.
    void watch(const EpochsCall<T>& call, int64_t number, Rounds& rounds) {
        call.validation_losses[number] = mean_loss(work.plan(), settings.loss, work.parameters(), call.watched, rounds);
        keep_lower(call.validation_losses[number], epochs + number + 1);
    }

    // How many threads are useful in a call.
    int threads_of(const EpochsCall<T>& call) const {
        const int watching = call.validation_losses ? useful_for_loss(work.plan(), call.watched.n, threads) : 1;
        return watching > work.threads() ? watching : work.threads();
    }
    // The mean of the loss over `rows`.
    double loss(const Rows<T>& rows) { return mean_loss(work.plan(), settings.loss, work.parameters(), rows, threads); }

    const TrainerSettings settings;
    const Threads threads;
    StepWork<T> work;
    const int64_t n_moments;
    Buffer<T> moments;
    Buffer<T> best;
    Buffer<T> lower;  // what a call has found that is better than the best; the best's once the call is over
    double best_loss = std::numeric_limits<double>::infinity(), lower_loss = best_loss;
    int64_t best_epoch = 0, lower_epoch = 0;
    int64_t steps = 0, epochs = 0;
};

}  // namespace fitnet
