// The engine: which level, which thread does what, and in which order it is summed.
//
// A step is cut into slots of rows, by shape alone; any thread takes the next slot, each slot has its own gradient,
// and the slots are summed in order. So the number of threads changes nothing but the time.
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "fitnet.hpp"
#include "level.hpp"
#include "thread_pool.hpp"

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto PATIENCE = std::chrono::milliseconds(20);  // between two questions whether to go on
constexpr double WORTH_A_THREAD = 3e6;                    // flops a step that another thread must find to do
constexpr int64_t UPDATE_LINES = 64;                      // cache lines of parameters updated at once

// Numbers on a cache line's boundary, all zero at first.
template <class T>
class Buffer {
public:
    explicit Buffer(int64_t size = 0)
        : size_(size),
          data_(static_cast<T*>(::operator new(size_t(size + 1) * sizeof(T), std::align_val_t(LINE_BYTES)))) {
        std::memset(static_cast<void*>(data_), 0, size_t(size) * sizeof(T));
    }
    // Room for `size` numbers, which may be anything.
    T* at_least(int64_t size) {
        if (size > size_) {
            Buffer larger(size);
            std::swap(size_, larger.size_);
            std::swap(data_, larger.data_);
        }
        return data_;
    }
    ~Buffer() { ::operator delete(data_, std::align_val_t(LINE_BYTES)); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    T* get() const { return data_; }

private:
    int64_t size_;
    T* data_;
};

// Each thread's own numbers for a prediction, kept from call to call.
template <class T>
T* prediction_scratch(int64_t size) {
    thread_local Buffer<T> scratch;
    return scratch.at_least(size);
}

std::string choose_level() {
    const std::vector<std::string> have = available_levels();
    const char* wanted = std::getenv("FITNET_LEVEL");
    if (wanted == nullptr || *wanted == 0) return have.back();
    for (const std::string& name : have)
        if (name == wanted) return name;
    std::string known;
    for (const std::string& name : have) known += (known.empty() ? "" : ", ") + name;
    throw std::invalid_argument("FITNET_LEVEL is '" + std::string(wanted) + "'; this processor has " + known + ".");
}

const Level<float>& table(const std::string& name, float) {
#ifdef FITNET_X86
    if (name == "avx512") return avx512::level_float;
    if (name == "avx2") return avx2::level_float;
#endif
    (void)name;
    return baseline::level_float;
}
const Level<double>& table(const std::string& name, double) {
#ifdef FITNET_X86
    if (name == "avx512") return avx512::level_double;
    if (name == "avx2") return avx2::level_double;
#endif
    (void)name;
    return baseline::level_double;
}

template <class T>
const Level<T>& kernels() {
    static const Level<T>& chosen = table(level(), T());
    return chosen;
}

// All that a training needs beside the caller's arrays, and the work of one step as its threads see it.
template <class T>
class Trainer {
public:
    Trainer(const Layers& layers, const T* parameters, const Rows<T>& rows, const LossSettings& loss, double l2,
            int64_t batch, int threads)
        : plan_(layers), kernels_(kernels<T>()), rows_(rows), loss_(loss), l2_(l2), n_slots_(plan_.slots(batch)),
          threads_(useful_threads(batch, threads)), parameters_(plan_.n_parameters), transposed_(plan_.n_transposed),
          gradient_(plan_.n_parameters), slots_(n_slots_ * plan_.n_parameters), slot_loss_(n_slots_),
          stretch_squares_(n_stretches()) {
        for (int i = 0; i < threads_; i++) scratch_.push_back(std::make_unique<Buffer<T>>(plan_.n_scratch()));
        plan_.pad(parameters, parameters_.get());
        for (int64_t stretch = 0; l2_ > 0 && stretch < n_stretches(); stretch++) square(stretch);
        for (size_t l = 0; l < plan_.layers.size(); l++)
            if (has_transposed(l))
                for (int64_t panel = 0; panel < plan_.layers[l].weight_panels().count(); panel++) {
                    panels_.push_back({&plan_.layers[l], panel});
                    transpose(int64_t(panels_.size()) - 1);
                }
    }

    const Plan<T>& plan() const { return plan_; }
    int threads() const { return threads_; }
    T* parameters() const { return parameters_.get(); }
    T* gradient() const { return gradient_.get(); }

    // Rows `order[first, first + count)` of the data, or rows first, first + 1, ... themselves.
    void set_batch(const int64_t* order, int64_t first, int64_t count) {
        order_ = order;
        first_ = first;
        count_ = count;
        total_weight_ = double(count);
        if (rows_.weights) {
            total_weight_ = 0;
            for (int64_t i = 0; i < count; i++) total_weight_ += double(rows_.weights[row(i)]);
        }
    }
    double total_weight() const { return total_weight_; }

    // Forward and backward of one slot.
    int64_t n_slots() const { return n_slots_; }
    void train_slot(int thread, int64_t slot) {
        const int64_t begin = count_ * slot / n_slots_, end = count_ * (slot + 1) / n_slots_;
        T* gradient = slots_.get() + slot * plan_.n_parameters;
        double loss = 0;
        for (int64_t r = begin; r < end || r == begin; r += plan_.block_rows) {
            const int64_t rows = end - r < plan_.block_rows ? end - r : plan_.block_rows;
            const BlockRows<T> block{&rows_, order_ ? order_ + first_ + r : nullptr, first_ + r, rows, total_weight_};
            loss += kernels_.train_block(plan_, loss_, parameters_.get(), transposed_.get(), block,
                                         scratch_[size_t(thread)]->get(), gradient, r == begin);
        }
        slot_loss_.get()[slot] = loss;
    }

    // The batch's loss and the weights' penalty, both with the parameters before the step.
    double objective() const {
        double loss = 0, squares = 0;
        for (int64_t slot = 0; slot < n_slots_; slot++) loss += slot_loss_.get()[slot];
        if (l2_ == 0) return loss;
        for (int64_t stretch = 0; stretch < n_stretches(); stretch++) squares += stretch_squares_.get()[stretch];
        return loss + l2_ * squares;
    }

    // The slots' sum, the penalty's gradient and, with `step`, the update of one stretch of parameters.
    int64_t n_stretches() const { return (plan_.n_parameters + STRETCH - 1) / STRETCH; }
    void update_stretch(int64_t stretch, const Step* step, T* moments) {
        const int64_t size = plan_.n_parameters, begin = stretch * STRETCH;
        const int64_t end = begin + STRETCH < size ? begin + STRETCH : size;
        kernels_.sum_slots(gradient_.get(), slots_.get(), n_slots_, size, begin, end);
        if (l2_ > 0)
            plan_.each_weights(begin, end, [&](int64_t first, int64_t last) {
                kernels_.add_decay(gradient_.get(), parameters_.get(), T(2 * l2_), first, last);
            });
        if (!step) return;
        kernels_.update(*step, parameters_.get(), moments, gradient_.get(), size, begin, end);
        if (l2_ > 0) square(stretch);
    }

    // One panel of transposed weights, once all parameters are updated.
    int64_t n_panels() const { return int64_t(panels_.size()); }
    void transpose(int64_t i) {
        const PanelOf& of = panels_[size_t(i)];
        kernels_.transpose(*of.layer, parameters_.get(), transposed_.get(), of.panel);
    }

private:
    static constexpr int64_t STRETCH = UPDATE_LINES * LINE<T>;
    struct PanelOf {
        const LayerPlan<T>* layer;
        int64_t panel;
    };

    int useful_threads(int64_t batch, int threads) const {
        const int64_t work = 1 + int64_t(plan_.flops_a_row() * double(batch) / WORTH_A_THREAD);
        int64_t useful = threads;
        if (useful > n_slots_) useful = n_slots_;
        if (useful > work) useful = work;
        return useful < 1 ? 1 : int(useful);
    }
    // The squares of one stretch's weights, for the next step's penalty.
    void square(int64_t stretch) {
        double squares = 0;
        plan_.each_weights(stretch * STRETCH, (stretch + 1) * STRETCH, [&](int64_t first, int64_t last) {
            squares += kernels_.sum_squares(parameters_.get(), first, last);
        });
        stretch_squares_.get()[stretch] = squares;
    }
    bool has_transposed(size_t l) const { return l > 0 && !plan_.layers[l].narrow; }
    int64_t row(int64_t i) const { return order_ ? order_[first_ + i] : first_ + i; }

    const Plan<T> plan_;
    const Level<T>& kernels_;
    const Rows<T> rows_;
    const LossSettings loss_;
    const double l2_;
    const int64_t n_slots_;
    const int threads_;
    Buffer<T> parameters_;
    Buffer<T> transposed_;
    Buffer<T> gradient_;
    Buffer<T> slots_;
    Buffer<double> slot_loss_;
    Buffer<double> stretch_squares_;
    std::vector<std::unique_ptr<Buffer<T>>> scratch_;
    std::vector<PanelOf> panels_;
    const int64_t* order_ = nullptr;
    int64_t first_ = 0;
    int64_t count_ = 0;
    double total_weight_ = 0;
};

// Moments (k, P) between the user's layout and the engine's.
template <class T>
struct Moments {
    Moments(const Plan<T>& plan, int64_t count, const T* flat) : plan(plan), count(count), padded(count * plan.n_parameters) {
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

// `lead` on this thread, which gives out rounds of tasks; helpers on the others.
template <class Lead>
void with_helpers(int threads, const Lead& lead) {
    Rounds rounds;
    run_on_threads(threads, [&](int thread) {
        if (thread > 0) return rounds.help(thread);
        lead(rounds);
        rounds.finish();
    });
}

}  // namespace

std::vector<std::string> available_levels() {
    std::vector<std::string> levels{"baseline"};
#ifdef FITNET_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) levels.push_back("avx2");
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
        levels.push_back("avx512");
#endif
    return levels;
}

std::string level() {
    static const std::string chosen = choose_level();
    return chosen;
}

template <class T>
double loss_and_gradient(const Layers& layers, const LossSettings& loss, double l2, const T* parameters,
                         const Rows<T>& rows, T* gradient, Threads threads) {
    Trainer<T> trainer(layers, parameters, rows, loss, l2, rows.n, threads.count);
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
bool run_epochs(const Layers& layers, EpochsCall<T>& call, Threads threads, const std::function<bool()>& keep_going) {
    const int64_t n = call.rows.n, steps = (n + call.batch_size - 1) / call.batch_size;
    const int64_t n_moments = int64_t(call.optimizer.kind);  // gradient descent 0, momentum 1, Adam 2
    Trainer<T> trainer(layers, call.parameters, call.rows, call.loss, call.l2, call.batch_size, threads.count);
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

template <class T>
struct Predictor<T>::Packed {
    Packed(const Layers& layers, const T* flat)
        : plan(layers), one_row(layers, 1), parameters(plan.n_parameters) {
        plan.pad(flat, parameters.get());
    }
    const Plan<T> plan;
    const Plan<T> one_row;  // the same parameters, with buffers for a single row
    Buffer<T> parameters;
};

template <class T>
Predictor<T>::Predictor(const Layers& layers, const T* parameters) : packed_(new Packed(layers, parameters)) {}

template <class T>
Predictor<T>::~Predictor() {
    delete packed_;
}

template <class T>
void Predictor<T>::row(const T* x, T* y) const {
    const Plan<T>& plan = packed_->one_row;
    kernels<T>().predict_block(plan, packed_->parameters.get(), x, 1, y, prediction_scratch<T>(plan.n_scratch()));
}

template <class T>
void Predictor<T>::rows(const T* X, int64_t n, T* out, Threads threads) const {
    const Plan<T>& plan = packed_->plan;
    const Level<T>& level = kernels<T>();
    const int64_t blocks = (n + plan.block_rows - 1) / plan.block_rows, p = plan.inputs(), m = plan.outputs();
    const double work = 1 + plan.flops_a_row() / 3 * double(n) / WORTH_A_THREAD;
    int count = threads.count < int(blocks < 1024 ? blocks : 1024) ? threads.count : int(blocks < 1024 ? blocks : 1024);
    count = double(count) > work ? int(work) : count;
    std::atomic<int64_t> next{0};
    run_on_threads(count, [&](int) {
        T* scratch = prediction_scratch<T>(plan.n_scratch());
        for (int64_t block; (block = next.fetch_add(1, std::memory_order_relaxed)) < blocks;) {
            const int64_t first = block * plan.block_rows;
            const int64_t rows = n - first < plan.block_rows ? n - first : plan.block_rows;
            level.predict_block(plan, packed_->parameters.get(), X + first * p, rows, out + first * m, scratch);
        }
    });
}

template <class T>
void predict(const Layers& layers, const T* parameters, const T* X, int64_t n, T* out, Threads threads) {
    Predictor<T>(layers, parameters).rows(X, n, out, threads);
}

#define FITNET_INSTANTIATE(T)                                                                                      \
    template void predict<T>(const Layers&, const T*, const T*, int64_t, T*, Threads);                             \
    template double loss_and_gradient<T>(const Layers&, const LossSettings&, double, const T*, const Rows<T>&, T*, \
                                         Threads);                                                                 \
    template bool run_epochs<T>(const Layers&, EpochsCall<T>&, Threads, const std::function<bool()>&);             \
    template class Predictor<T>;
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
