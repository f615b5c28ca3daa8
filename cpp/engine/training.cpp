// Training: the loss with its gradient, and whole epochs.
#include <algorithm>
#include <chrono>

#include "engine/session.hpp"

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto PATIENCE = std::chrono::milliseconds(20);  // between two questions whether to go on

}  // namespace

template <class T>
double loss_and_gradient(const Layers& layers, const LossSettings& loss, double l2, const T* parameters,
                         const Rows<T>& rows, T* gradient, Threads threads) {
    StepWork<T> work(layers, parameters, loss, l2, rows.n, threads);
    work.set_batch(rows, nullptr, 0, rows.n);
    return gradient_of_batch(work, gradient);
}

template <class T>
Trainer<T>::Trainer(const Layers& layers, const TrainerSettings& settings, const T* parameters, Threads threads)
    : session_(new Session(layers, settings, parameters, threads)) {}
template <class T>
Trainer<T>::~Trainer() = default;

template <class T>
bool Trainer<T>::run(const EpochsCall<T>& call, const KeepGoing& keep_going) {
    Session& s = *session_;
    s.lower_loss = s.best_loss;
    bool going = true;
    auto asked = Clock::now() - PATIENCE;  // at once, and then from time to time
    const auto go_on = [&] {
        if (Clock::now() - asked < PATIENCE) return true;
        going = keep_going();
        asked = Clock::now();
        return going;
    };
    const int64_t bytes = std::max(s.work.scratch_bytes(), loss_scratch_bytes(s.work.plan()));
    with_helpers(s.threads_of(call), bytes, [&](Rounds& rounds) {
        for (int64_t epoch = 0; epoch < call.epochs && s.epoch(call, epoch, rounds, go_on); epoch++)
            if (call.validation_losses) s.watch(call, epoch, rounds);
    });
    if (!going) return false;
    s.epochs += call.epochs;
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
    with_helpers(s.work.threads(), 0, [&](Rounds& rounds) { s.update(rounds, rate, false); });
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
