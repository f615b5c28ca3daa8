// What the native engine offers: the engine contract in plain C++17, without a Python type.
//
// Legend: n rows, p inputs, m outputs, P parameters. T is float or double. All matrices are row-major and contiguous;
// a layer's parameters are weights (inputs, outputs) followed by biases (outputs), layer after layer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fitnet {

enum class Activation : int { identity, relu, tanh, logistic, silu, gelu, softplus, leaky_relu, exponential };
enum class Loss : int { squared_error, absolute_error, huber, quantile, poisson, cross_entropy };
enum class Optimizer : int { gradient_descent, momentum, adam };

struct Layer {
    int64_t inputs;
    int64_t outputs;
    Activation activation;
};

using Layers = std::vector<Layer>;

struct LossSettings {
    Loss kind;
    double parameter;  // Huber's delta, or the quantile
};

struct OptimizerSettings {
    Optimizer kind;
    double beta1;  // momentum's factor, or Adam's first
    double beta2;
    double epsilon;
    double weight_decay = 0;  // Adam's: a step takes rate * weight_decay of every weight away
};

// Rows to learn from.
template <class T>
struct Rows {
    const T* X;        // (n, p)
    const T* Y;        // (n, m)
    const T* weights;  // (n) or null: 1 for every row
    int64_t n;
};

// How many threads a call may use: at least 1.
struct Threads {
    int count;
};

// Where there is no memory a call throws std::bad_alloc, and what it was to write is of no use; a training then stands
// at a whole step. While `keep_going` is asked, any function may be called, and the process may be forked.

// Outputs (n, m) for X (n, p). A row's bits do not depend on the rows beside it, on the threads or on the FMA level.
template <class T>
void predict(const Layers& layers, const T* parameters, const T* X, int64_t n, T* out, Threads threads);

// dy/dx (n, m, p) for X (n, p); a row's bits as for `predict`.
template <class T>
void input_jacobian(const Layers& layers, const T* parameters, const T* X, int64_t n, T* dy_dx, Threads threads);

// d2y/dx2 (n, m, p, p), symmetric to the bit; bits as for `predict`. The corners of ReLU have none.
template <class T>
void input_hessian(const Layers& layers, const T* parameters, const T* X, int64_t n, T* d2y_dx2, Threads threads);

// The loss over all rows; bits as for `loss_and_gradient`, without the penalty.
template <class T>
double loss(const Layers& layers, const LossSettings& settings, const T* parameters, const Rows<T>& rows,
            Threads threads);

// The loss over all rows and `l2` times the sum of all weights' squares; the gradient (P) is written to `gradient`.
template <class T>
double loss_and_gradient(const Layers& layers, const LossSettings& loss, double l2, const T* parameters,
                         const Rows<T>& rows, T* gradient, Threads threads);

using KeepGoing = std::function<bool()>;

struct TrainerSettings {
    LossSettings loss;
    double l2;  // factor of the sum of all weights' squares, which is added to the loss
    OptimizerSettings optimizer;
    int64_t batch_size;
    bool keeps_lowest;  // whether the best are the parameters of the lowest full-batch loss, where nothing is watched
    // Where the first layer reads p columns encoded, the pieces of each, 0 or more: its inputs are every column's value
    // and then its pieces. A row of X then is p values, for the q columns that have pieces the shares of those that
    // hold the entries, and the numbers of these among the pieces of all columns: p + 2 q numbers. Empty: nothing is.
    std::vector<int64_t> pieces = {};
    double dropout = 0;  // the probability, below 1, with which a step of `run` sets each hidden unit of a row to 0
};

// So many epochs.
template <class T>
struct EpochsCall {
    Rows<T> rows;
    int64_t epochs;
    const double* rates;              // (epochs, steps an epoch)
    const int64_t* orders;            // (epochs, n): the order of the rows in each; null: as they lie
    double* losses;                   // (epochs), written
    Rows<T> watched;                  // what the loss is measured on after every epoch: the lowest is kept as the best
    double* validation_losses;        // (epochs), written; null: nothing is watched
    const uint64_t* seeds = nullptr;  // (epochs): what is dropped in each depends on; read where there is dropout
};

// One training, for as long as it lasts: parameters, moments and scratch in the engine's own layout, so that nothing is
// checked, padded or allocated again from epoch to epoch. The rows stay the caller's, and must be there while it works
// on them. No two calls at once.
template <class T>
class Trainer {
public:
    Trainer(const Layers& layers, const TrainerSettings& settings, const T* parameters, Threads threads);
    ~Trainer();
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    // Whole epochs over the rows, as the call says. `keep_going` is asked every few milliseconds, from the calling
    // thread only; false ends the call after the current step, with the best as it was before, and run returns false.
    bool run(const EpochsCall<T>& call, const KeepGoing& keep_going);
    // The loss over all of `rows` at the parameters as they are, without and with the penalty.
    double loss(const Rows<T>& rows);
    double objective(const Rows<T>& rows);
    // Both halves of a step: the objective on `count` rows of `rows`, those of `order` or the first, and its gradient
    // (P); and the update by such a gradient.
    double gradient(const Rows<T>& rows, const int64_t* order, int64_t count, T* gradient);
    void apply(const T* gradient, double rate);
    bool is_finite() const;  // whether every parameter is
    // Takes the parameters as they are for the best so far, of this loss and after so many epochs.
    void keep(double loss, int64_t epoch);

    // What it holds, in the user's layout: parameters (P), moments (k, P), the best (P).
    void parameters(T* flat) const;
    void moments(T* flat) const;
    void best(T* flat) const;
    int64_t n_moments() const;  // k
    int64_t steps() const;
    int64_t epochs() const;
    double best_loss() const;
    int64_t best_epoch() const;
    // Goes on from another point of this training; `best` is its best.
    void restore(const T* parameters, const T* moments, int64_t steps, int64_t epochs);
    void restore_best(const T* best, double loss, int64_t epoch);

private:
    struct Session;
    std::unique_ptr<Session> session_;
};

template <class T>
struct NormalEquations {
    T* JtJ;                 // (P, P), written: the sum over rows of the weight times J^T J
    T* Jtr;                 // (P), written: J^T times the residuals, prediction - target
    double sum_of_squares;  // written: of the residuals
};

// What a least-squares step on the parameters solves, summed over all rows; J is dy/d(parameters). The bits depend
// neither on the threads nor on the FMA level. `keep_going` as for run_epochs; where it ends the call nothing is
// written.
template <class T>
bool normal_equations(const Layers& layers, const T* parameters, const Rows<T>& rows, NormalEquations<T>& equations,
                      Threads threads, const KeepGoing& keep_going);

// J^T W H J (P, P), with H = diag(p) - p p^T the Hessian of the cross-entropy in a row's last z, to `matrix`: what a
// Gauss-Newton step on it solves. The last activation is the identity, and rows have no Y; else as normal_equations.
template <class T>
bool class_curvature(const Layers& layers, const T* parameters, const Rows<T>& rows, T* matrix, Threads threads,
                     const KeepGoing& keep_going);

// A symmetric matrix with something added to its diagonal; the lower triangle is not read.
struct RegularMatrix {
    const double* values;  // (n, n)
    const double* ridge;   // (n)
    int64_t n;
};

// x (n) with (matrix + ridge) x = right, and the diagonal (n) of (matrix + ridge)^-1; by Cholesky's factorisation.
// False, and nothing written, where that finds it not positive definite, or where `keep_going` ends the call. The bits
// depend neither on the threads nor on the FMA level.
bool solve_positive_definite(const RegularMatrix& matrix, const double* right, double* x, Threads threads,
                             const KeepGoing& keep_going);
bool inverse_diagonal(const RegularMatrix& matrix, double* diagonal, Threads threads, const KeepGoing& keep_going);

// Rows (n, columns) wherever they lie: float or double, aligned or not, in strides of bytes that may be negative or 0.
struct StridedRows {
    const char* numbers;  // where the first row begins
    bool is_double;
    int64_t row;     // from row to row
    int64_t column;  // from column to column
    int64_t n;
};

// What is done to columns of numbers, (x - shift) / scale, or undone; null: nothing.
struct ColumnScaling {
    const double* shift;
    const double* scale;
};

template <class T>
class ScaledNetwork;

// A whole model, its weights already packed, for many calls: rows are scaled in float64 and rounded to T, results are
// scaled back in float64. Results are of double where there is a scaling of what they depend on (derivatives: any),
// else of T. A call is false where an entry of X is not finite or T cannot hold it once it is scaled; what it has
// written by then is of no use. A row's bits as for `predict`. One row takes no lock and allocates nothing.
template <class T>
class Predictor {
public:
    Predictor(const Layers& layers, const T* parameters, const ColumnScaling& inputs, const ColumnScaling& targets);
    ~Predictor();
    Predictor(const Predictor&) = delete;
    Predictor& operator=(const Predictor&) = delete;
    bool gives_double_outputs() const;
    bool gives_double_derivatives() const;
    bool outputs(const StridedRows& X, void* out, Threads threads) const;      // (n, m)
    bool jacobian(const StridedRows& X, void* dy_dx, Threads threads) const;   // (n, m, p)
    bool hessian(const StridedRows& X, void* d2y_dx2, Threads threads) const;  // (n, m, p, p)

private:
    const ScaledNetwork<T>* network_;
};

// What errors of the parameters do to the outputs: J (L L^T)^-1 J^T, J = dy/d(parameters), L the triangle that
// Cholesky's factorisation gave. The bits depend neither on the rows beside nor on the threads nor on the FMA level.
class PredictiveCovariance {
public:
    // `factor` (P (P + 1) / 2): L row by row, with a diagonal above 0.
    PredictiveCovariance(const Layers& layers, const double* parameters, const double* factor);
    ~PredictiveCovariance();
    PredictiveCovariance(const PredictiveCovariance&) = delete;
    PredictiveCovariance& operator=(const PredictiveCovariance&) = delete;
    // X (n, p) to covariances (n, m, m), each symmetric to the bit; `keep_going` as for run_epochs.
    bool rows(const double* X, int64_t n, double* covariances, Threads threads, const KeepGoing& keep_going) const;

private:
    struct Packed;
    const Packed* packed_;
};

// How many threads the system has refused since this was last asked. Calls then use those there are, with the same
// results, and ask again after a while.
int refused_threads();

// The instruction set in use ("avx512", "avx2", "baseline"), by what the processor has; the environment variable
// FITNET_LEVEL forces a lower one, once, at the first use. Throws std::invalid_argument for one it does not have.
std::string level();
std::vector<std::string> available_levels();

}  // namespace fitnet
