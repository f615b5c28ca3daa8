// The whole interface on awkward shapes, for the sanitizers to watch (make sanitize). Every array is exactly as large
// as the interface says, so that a step beyond its end is seen. Checked besides: the bits are the same for any number
// of threads and in any batch, also with several callers at once, and training makes the loss smaller.
//
//   test_native            runs at the level that FITNET_LEVEL names, or the best there is
//   test_native --levels   prints the levels there are
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <random>
#include <thread>

#include "expect.hpp"
#include "fitnet.hpp"

using namespace fitnet;

namespace {

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

template <class T>
struct Problem {
    Layers layers;
    std::vector<T> parameters, X, Y, weights;
    std::vector<int64_t> order;
    int64_t n, p, m;

    Problem(const std::vector<int64_t>& widths, int64_t rows) : n(rows), p(widths.front()), m(widths.back()) {
        std::mt19937 random(7);
        std::normal_distribution<double> normal;
        for (size_t l = 0; l + 1 < widths.size(); l++) {
            const bool last = l + 2 == widths.size();
            layers.push_back({widths[l], widths[l + 1], last ? Activation::identity : Activation((l + rows) % 9)});
            const double scale = 1 / std::sqrt(double(widths[l]));
            for (int64_t i = 0; i < (widths[l] + 1) * widths[l + 1]; i++)
                parameters.push_back(T(scale * normal(random)));
        }
        for (int64_t i = 0; i < n * p; i++) X.push_back(T(normal(random)));
        for (int64_t i = 0; i < n * m; i++) Y.push_back(T(normal(random)));
        for (int64_t i = 0; i < n; i++) weights.push_back(T((i + 1) % 3));
        for (int64_t i = 0; i < n; i++) order.push_back((i * 7 + 3) % n);
    }
};

// Everything that one thread count computes, one after the other.
template <class T>
std::vector<T> everything(const Problem<T>& problem, Threads threads) {
    std::vector<T> found;
    const auto keep = [&](const std::vector<T>& part) { found.insert(found.end(), part.begin(), part.end()); };
    const size_t P = problem.parameters.size();

    std::vector<T> out(problem.n * problem.m);
    predict(problem.layers, problem.parameters.data(), problem.X.data(), problem.n, out.data(), threads);
    keep(out);

    std::vector<T> slopes(problem.n * problem.m * problem.p), bends(slopes.size() * problem.p);
    input_jacobian(problem.layers, problem.parameters.data(), problem.X.data(), problem.n, slopes.data(), threads);
    keep(slopes);
    input_hessian(problem.layers, problem.parameters.data(), problem.X.data(), problem.n, bends.data(), threads);
    keep(bends);

    const Predictor<T> predictor(problem.layers, problem.parameters.data(), {nullptr, nullptr}, {nullptr, nullptr});
    const auto check = [&](const std::vector<T>& whole, const char* name, const auto& call) {
        constexpr int64_t size = sizeof(T);
        const int64_t n = problem.n, step = problem.p * size, width = int64_t(whole.size()) / n;
        std::vector<T> found(whole.size());
        const auto first_are = [&](int64_t count, const T* expected, const StridedRows& X, const char* what) {
            const bool held = call(X, found.data());
            expect(held && std::memcmp(found.data(), expected, size_t(count * width * size)) == 0, what, name);
        };
        constexpr bool is_double = size == sizeof(double);
        const auto* numbers = reinterpret_cast<const char*>(problem.X.data());
        first_are(n, whole.data(), {numbers, is_double, step, size, n}, "a predictor gives what the function gives");
        for (int64_t i = 0; i < n; i++)
            first_are(1, &whole[size_t(i * width)], {numbers + i * step, is_double, step, size, 1},
                      "a row alone is itself");
        first_are(1, &whole[size_t((n - 1) * width)], {numbers + (n - 1) * step, is_double, -step, size, n},
                  "rows are read backwards");
        std::vector<char> odd(1 + problem.X.size() * sizeof(T));
        std::memcpy(&odd[1], numbers, odd.size() - 1);
        first_are(n, whole.data(), {&odd[1], is_double, step, size, n}, "rows need not be aligned");
    };
    check(out, "outputs", [&](const StridedRows& X, T* to) { return predictor.outputs(X, to, threads); });
    check(slopes, "jacobian", [&](const StridedRows& X, T* to) { return predictor.jacobian(X, to, threads); });
    check(bends, "hessian", [&](const StridedRows& X, T* to) { return predictor.hessian(X, to, threads); });
    if (P < 1500) {  // else J^T J would take most of the time
        for (const bool weighted : {false, true}) {
            std::vector<T> JtJ(P * P), Jtr(P);
            NormalEquations<T> equations{JtJ.data(), Jtr.data(), 0};
            const Rows<T> rows{problem.X.data(), problem.Y.data(), weighted ? problem.weights.data() : nullptr,
                               problem.n};
            const bool whole = normal_equations<T>(problem.layers, problem.parameters.data(), rows, equations, threads,
                                                   [] { return true; });
            expect(whole && std::isfinite(equations.sum_of_squares), "sums are whole", "normal_equations");
            keep(JtJ);
            keep(Jtr);
            keep({T(equations.sum_of_squares)});
        }
    }

    for (const bool weighted : {false, true}) {
        std::vector<T> gradient(P), positive = problem.Y;  // for Poisson's sake, as are outputs above 0
        for (T& y : positive) y = std::fabs(y);
        const Rows<T> counts{problem.X.data(), positive.data(), weighted ? problem.weights.data() : nullptr, problem.n};
        const Rows<T> rows{problem.X.data(), problem.Y.data(), weighted ? problem.weights.data() : nullptr, problem.n};
        Layers counting = problem.layers;
        for (const Activation last : {Activation::softplus, Activation::exponential})
            for (int kind = int(Loss::squared_error); kind <= int(Loss::cross_entropy); kind++) {
                const LossSettings settings{Loss(kind), 0.7};
                counting.back().activation = last;
                const double alone = loss(counting, settings, problem.parameters.data(), counts, threads);
                for (const double l2 : {0.0, 0.01}) {
                    const double value = loss_and_gradient(counting, settings, l2, problem.parameters.data(), counts,
                                                           gradient.data(), threads);
                    expect(l2 > 0 || value == alone, "a loss alone is the same", "loss");
                    const bool may_overflow = last == Activation::exponential && Loss(kind) != Loss::poisson;
                    expect(std::isfinite(value) || may_overflow, "a loss is finite", "loss_and_gradient");
                    keep(gradient);
                    keep({T(value)});
                }
            }
        for (const Optimizer optimizer : {Optimizer::gradient_descent, Optimizer::momentum, Optimizer::adam}) {
            for (const int64_t batch_size : {problem.n, std::min<int64_t>(problem.n, 10), int64_t(1)}) {
                const int64_t epochs = 3, steps = (problem.n - 1) / batch_size + 1;
                const bool full = batch_size == problem.n;
                std::vector<T> parameters = problem.parameters, moments(P * int(optimizer)), best(P);
                const std::vector<double> rates(epochs * steps, 1e-3);
                std::vector<double> losses(epochs);
                const std::vector<uint64_t> seeds{1, 2, 3};
                std::vector<int64_t> orders;
                for (int64_t i = 0; i < epochs; i++)
                    orders.insert(orders.end(), problem.order.begin(), problem.order.end());
                const double l2 = full ? 1e-3 : 0;
                const TrainerSettings settings{
                    {Loss::squared_error, 0}, l2, {optimizer, 0.9, 0.999, 1e-8, full ? 0.0 : 0.3}, batch_size, full};
                Trainer<T> trainer(problem.layers, settings, parameters.data(), threads);
                std::vector<double> watched(epochs);
                const EpochsCall<T> call{rows,
                                         epochs,
                                         rates.data(),
                                         full ? nullptr : orders.data(),
                                         losses.data(),
                                         rows,
                                         full ? nullptr : watched.data(),
                                         seeds.data()};
                const bool whole = trainer.run(call, [] { return true; });
                keep({T(watched[epochs - 1])});
                trainer.parameters(parameters.data());
                trainer.moments(moments.data());
                trainer.best(best.data());
                const double found_objective = trainer.objective(rows);
                expect(std::isfinite(found_objective) && found_objective >= trainer.loss(rows), "penalty", "objective");
                expect(whole, "epochs run to their end", "Trainer");
                expect(losses[epochs - 1] <= losses[0], "training makes the loss smaller", "Trainer");
                keep(parameters);
                keep(moments);
                keep(best);
                const TrainerSettings dropping{settings.loss, l2, settings.optimizer, batch_size, false, {}, 0.3};
                Trainer<T> dropper(problem.layers, dropping, problem.parameters.data(), threads);
                dropper.run(call, [] { return true; });
                dropper.parameters(parameters.data());
                keep(parameters);
            }
        }
    }
    return found;
}

template <class T>
void test_shape(const std::vector<int64_t>& widths, int64_t rows) {
    const Problem<T> problem(widths, rows);
    std::string where = std::to_string(sizeof(T)) + " bytes, " + std::to_string(rows) + " rows";
    for (const int64_t width : widths) where += " " + std::to_string(width);
    const std::vector<T> alone = everything(problem, Threads{1});
    for (const int count : {2, 3, 4}) expect(same_bits(everything(problem, Threads{count}), alone), "threads", where);

    std::vector<T> first, second;
    std::thread other([&] { second = everything(problem, Threads{2}); });
    first = everything(problem, Threads{3});
    other.join();
    expect(same_bits(first, alone) && same_bits(second, alone), "two callers at once", where);
}

template <class T>
void test_stopping() {
    const Problem<T> problem({3, 8, 1}, 50);
    const int64_t epochs = 1000000;
    const std::vector<double> rates(epochs, 1e-3);
    std::vector<double> losses(epochs);
    const TrainerSettings settings{{Loss::squared_error, 0}, 0, {Optimizer::adam, 0.9, 0.999, 1e-8}, 50, true};
    Trainer<T> trainer(problem.layers, settings, problem.parameters.data(), Threads{2});
    const Rows<T> rows{problem.X.data(), problem.Y.data(), nullptr, 50};
    const EpochsCall<T> call{rows, epochs, rates.data(), nullptr, losses.data(), {}, nullptr};
    const bool whole = trainer.run(call, [] { return false; });
    expect(!whole && trainer.steps() > 0 && trainer.steps() < epochs, "a call is stopped when it is told to",
           "Trainer");
    expect(std::isinf(trainer.best_loss()), "a call that was stopped leaves the best as it was", "Trainer");
}

// Solutions of matrices of so many rows, with 2 beyond 1 on the diagonal and 1 elsewhere: known in closed form.
void test_cholesky(int64_t n) {
    const std::vector<double> values(size_t(n * n), 1.0), ridge(size_t(n), 2.0), right(size_t(n), 1.0);
    const RegularMatrix matrix{values.data(), ridge.data(), n};
    const auto go_on = [] { return true; };
    std::vector<double> alone;
    for (const int count : {1, 2, 3}) {
        std::vector<double> x(static_cast<size_t>(n)), diagonal(static_cast<size_t>(n));
        const bool whole = solve_positive_definite(matrix, right.data(), x.data(), Threads{count}, go_on) &&
                           inverse_diagonal(matrix, diagonal.data(), Threads{count}, go_on);
        expect(whole && std::fabs(x[0] * double(n + 2) - 1) < 1e-12, "x = 1 / (n + 2)", "solve_positive_definite");
        expect(std::fabs(diagonal.back() - 0.5 * double(n + 1) / double(n + 2)) < 1e-12, "Sherman and Morrison's",
               "inverse_diagonal");
        x.insert(x.end(), diagonal.begin(), diagonal.end());
        if (alone.empty()) alone = x;
        expect(same_bits(x, alone), "threads", std::to_string(n) + " unknowns");
    }
    const bool stopped = solve_positive_definite(matrix, right.data(), alone.data(), Threads{2}, [] { return false; });
    expect(!stopped, "a call is stopped when it is told to", "solve_positive_definite");
}

template <class T>
void test_all() {
    test_shape<T>({1, 1}, 1);
    test_shape<T>({3, 17, 1}, 33);
    test_shape<T>({2, 15, 16, 31, 3}, 21);
    test_shape<T>({5, 130, 65, 2}, 70);
    test_shape<T>({7, 12, 70}, 530);
    test_shape<T>({40, 3, 2, 33}, 65);
    test_stopping<T>();
}

}  // namespace

int main(int count, char** arguments) {
    if (count > 1 && std::strcmp(arguments[1], "--levels") == 0) {
        for (const std::string& name : available_levels()) std::cout << name << "\n";
        return 0;
    }
    if (count == 1 || std::strcmp(arguments[1], "--double") != 0) test_all<float>();
    test_all<double>();
    for (const int64_t n : {1, 48, 49, 200}) test_cholesky(n);
    std::cout << level() << ": " << (failures == 0 ? "passed" : "FAILED") << "\n";
    return failures == 0 ? 0 : 1;
}
