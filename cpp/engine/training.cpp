// Training: the loss with its gradient, and whole epochs.
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/row_blocks.hpp"
#include "engine/step_work.hpp"

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto PATIENCE = std::chrono::milliseconds(20);  // between two questions whether to go on

template <class T>
double weight_of(const Rows<T>& rows) {
    if (!rows.weights) return double(rows.n);
    double weight = 0;
    for (int64_t i = 0; i < rows.n; i++) weight += double(rows.weights[i]);
    return weight;
}

Step next_step(const OptimizerSettings& optimizer, double rate, int64_t number) {
    if (optimizer.kind != Optimizer::adam) return {optimizer, rate, 1};
    const double t = double(number);
    return {optimizer, rate / (1 - std::pow(optimizer.beta1, t)), 1 / (1 - std::pow(optimizer.beta2, t))};
}

// Forward and backward of the batch that is set, on the threads of `rounds`.
template <class T>
void differentiate(StepWork<T>& work, Rounds& rounds) {
    rounds.lead(work.n_slots(), [&](int thread, int64_t slot) { work.train_slot(thread, slot); });
}

// The objective on the batch that is set; the gradient (P) is written.
template <class T>
double gradient_of_batch(StepWork<T>& work, T* gradient) {
    with_helpers(work.threads(), [&](Rounds& rounds) {
        differentiate(work, rounds);
        rounds.lead(work.n_stretches(), [&](int, int64_t stretch) { work.sum_stretch(stretch); });
    });
    work.plan().unpad(work.gradient(), gradient);
    return work.objective();
}

}  // namespace

template <class T>
double loss_and_gradient(const Layers& layers, const LossSettings& loss, double l2, const T* parameters,
                         const Rows<T>& rows, T* gradient, Threads threads) {
    StepWork<T> work(layers, parameters, loss, l2, rows.n, threads);
    work.set_batch(rows, nullptr, 0, rows.n);
    return gradient_of_batch(work, gradient);
}

template <class T>
struct Trainer<T>::Session {
    Session(const Layers& layers, const TrainerSettings& of, const T* start, Threads allowed)
        : settings(of), threads(allowed), work(layers, start, of.loss, of.l2, of.batch_size, allowed),
          n_moments(int64_t(of.optimizer.kind)),  // gradient descent 0, momentum 1, Adam 2
          moments(n_moments * work.plan().n_parameters), best(work.plan().n_parameters),
          lower(of.keeps_lowest ? work.plan().n_parameters : 0) {
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
        if (work.n_panels() > 0) rounds.lead(work.n_panels(), [&](int, int64_t panel) { work.transpose(panel); });
    }

    // One step on the batch that is set; gives its objective.
    double step(Rounds& rounds, double rate, int64_t epoch) {
        differentiate(work, rounds);
        const double objective = work.objective();
        if (settings.keeps_lowest && objective < lower_loss) {
            lower_loss = objective;
            lower_epoch = epoch;
            copy(work.parameters(), lower.get());
        }
        update(rounds, rate, true);
        return objective;
    }

    // The mean of the loss over `rows`, summed as a step sums it.
    double loss(const Rows<T>& rows) {
        const Plan<T>& plan = work.plan();
        const int64_t slots = plan.slots(rows.n);
        const double weight = weight_of(rows);
        double sums[MOST_SLOTS] = {}, sum = 0;
        const int useful = useful_threads(threads, slots, plan.flops_a_row() / 3 * double(rows.n));
        with_helpers(useful, [&](Rounds& rounds) {
            rounds.lead(slots, [&](int, int64_t slot) {
                T* scratch = own_scratch<T>(plan.n_scratch());
                const int64_t end = rows.n * (slot + 1) / slots;
                for (int64_t r = rows.n * slot / slots; r < end; r += plan.block_rows) {
                    const int64_t count = end - r < plan.block_rows ? end - r : plan.block_rows;
                    const BlockRows<T> block{&rows, nullptr, r, count, weight};
                    sums[slot] += kernels<T>().measure_block(plan, settings.loss, work.parameters(), block, scratch);
                }
            });
        });
        for (int64_t slot = 0; slot < slots; slot++) sum += sums[slot];
        return sum;
    }

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

template <class T>
Trainer<T>::Trainer(const Layers& layers, const TrainerSettings& settings, const T* parameters, Threads threads)
    : session_(new Session(layers, settings, parameters, threads)) {}
template <class T>
Trainer<T>::~Trainer() = default;

template <class T>
bool Trainer<T>::run(const Rows<T>& rows, int64_t epochs, const double* rates, const int64_t* orders, double* losses,
                     const KeepGoing& keep_going) {
    Session& s = *session_;
    const int64_t n = rows.n, batch = s.settings.batch_size, steps = (n + batch - 1) / batch;
    const double epoch_weight = weight_of(rows);
    s.lower_loss = s.best_loss;
    bool going = true;
    with_helpers(s.work.threads(), [&](Rounds& rounds) {
        auto asked = Clock::now();
        for (int64_t epoch = 0; epoch < epochs && going; epoch++) {
            losses[epoch] = 0;
            for (int64_t step = 0; step < steps && going; step++) {
                const int64_t first = step * batch;
                s.work.set_batch(rows, orders ? orders + epoch * n : nullptr, first,
                                 n - first < batch ? n - first : batch);
                if (s.work.total_weight() > 0)  // else every row of the batch weighs nothing
                    losses[epoch] += s.step(rounds, rates[epoch * steps + step], s.epochs + epoch) *
                                     s.work.total_weight() / epoch_weight;
                if (Clock::now() - asked < PATIENCE) continue;
                going = keep_going();
                asked = Clock::now();
            }
        }
    });
    if (!going) return false;
    s.epochs += epochs;
    if (s.lower_loss < s.best_loss) {
        s.best.swap(s.lower);
        s.best_loss = s.lower_loss;
        s.best_epoch = s.lower_epoch;
    }
    return true;
}

template <class T>
double Trainer<T>::loss(const Rows<T>& rows) {
    return session_->loss(rows);
}
template <class T>
double Trainer<T>::objective(const Rows<T>& rows) {
    return session_->loss(rows) + session_->work.penalty();
}
template <class T>
double Trainer<T>::gradient(const Rows<T>& rows, const int64_t* order, int64_t count, T* gradient) {
    session_->work.set_batch(rows, order, 0, count);
    return gradient_of_batch(session_->work, gradient);
}
template <class T>
void Trainer<T>::apply(const T* gradient, double rate) {
    Session& s = *session_;
    s.work.plan().pad(gradient, s.work.gradient());
    with_helpers(s.work.threads(), [&](Rounds& rounds) { s.update(rounds, rate, false); });
}
template <class T>
bool Trainer<T>::is_finite() const {
    bool finite = true;
    const T* parameters = session_->work.parameters();
    for (int64_t i = 0; i < session_->work.plan().n_parameters; i++) finite &= std::isfinite(parameters[i]);
    return finite;
}
template <class T>
void Trainer<T>::keep(double loss, int64_t epoch) {
    Session& s = *session_;
    s.copy(s.work.parameters(), s.best.get());
    s.best_loss = loss;
    s.best_epoch = epoch;
}

template <class T>
void Trainer<T>::parameters(T* flat) const {
    session_->work.plan().unpad(session_->work.parameters(), flat);
}
template <class T>
void Trainer<T>::moments(T* flat) const {
    const Plan<T>& plan = session_->work.plan();
    for (int64_t i = 0; i < session_->n_moments; i++)
        plan.unpad(session_->moments.get() + i * plan.n_parameters, flat + i * plan.n_flat);
}
template <class T>
void Trainer<T>::best(T* flat) const {
    session_->work.plan().unpad(session_->best.get(), flat);
}
template <class T>
int64_t Trainer<T>::n_moments() const {
    return session_->n_moments;
}
template <class T>
int64_t Trainer<T>::steps() const {
    return session_->steps;
}
template <class T>
int64_t Trainer<T>::epochs() const {
    return session_->epochs;
}
template <class T>
double Trainer<T>::best_loss() const {
    return session_->best_loss;
}
template <class T>
int64_t Trainer<T>::best_epoch() const {
    return session_->best_epoch;
}

template <class T>
void Trainer<T>::restore(const T* parameters, const T* moments, int64_t steps, int64_t epochs) {
    Session& s = *session_;
    const Plan<T>& plan = s.work.plan();
    s.work.set_parameters(parameters);
    for (int64_t i = 0; i < s.n_moments; i++)
        plan.pad(moments + i * plan.n_flat, s.moments.get() + i * plan.n_parameters);
    s.steps = steps;
    s.epochs = epochs;
}
template <class T>
void Trainer<T>::restore_best(const T* best, double loss, int64_t epoch) {
    session_->work.plan().pad(best, session_->best.get());
    session_->best_loss = loss;
    session_->best_epoch = epoch;
}

#define FITNET_INSTANTIATE(T)                                                                                      \
    template double loss_and_gradient<T>(const Layers&, const LossSettings&, double, const T*, const Rows<T>&, T*, \
                                         Threads);                                                                 \
    template class Trainer<T>;
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
