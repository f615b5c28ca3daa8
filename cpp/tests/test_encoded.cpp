// Training on encoded columns, whose features the engine never makes, for the sanitizers to watch (make sanitize): it
// gives what training on the features gives, and the same bits for any number of threads. Every array is exactly as
// large as the interface says.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <iostream>
#include <random>

#include "expect.hpp"
#include "fitnet.hpp"

using namespace fitnet;

namespace {

// Rows of columns with so many pieces each, as codes and as features.
template <class T>
struct Problem {
    std::vector<int64_t> pieces;
    Layers layers;
    std::vector<T> parameters, codes, features, Y, weights;
    std::vector<int64_t> order;
    int64_t n;

    Problem(const std::vector<int64_t>& of_columns, const std::vector<int64_t>& widths, int64_t rows)
        : pieces(of_columns), n(rows) {
        std::mt19937 random(5);
        std::normal_distribution<double> normal;
        int64_t inputs = int64_t(pieces.size());
        for (const int64_t count : pieces) inputs += count;
        for (const int64_t width : widths) {
            const bool last = layers.size() + 1 == widths.size();
            layers.push_back({inputs, width, last ? Activation::identity : Activation::silu});
            for (int64_t i = 0; i < (inputs + 1) * width; i++)
                parameters.push_back(T(normal(random) / std::sqrt(double(inputs))));
            inputs = width;
        }
        for (int64_t r = 0; r < n; r++) add_row(random, normal);
        for (int64_t i = 0; i < n * widths.back(); i++) Y.push_back(T(normal(random)));
        for (int64_t i = 0; i < n; i++) weights.push_back(T((i + 1) % 3));
        for (int64_t i = 0; i < n; i++) order.push_back((i * 7 + 3) % n);
    }

    void add_row(std::mt19937& random, std::normal_distribution<double>& normal) {
        std::vector<T> shares, numbers;
        int64_t first = 0;
        for (const int64_t count : pieces) {
            codes.push_back(T(normal(random)));
            features.push_back(codes.back());
            if (count == 0) continue;
            const int64_t own = int64_t(random() % uint32_t(count));
            shares.push_back(T(normal(random)));
            numbers.push_back(T(first + own));
            for (int64_t t = 0; t < count; t++) features.push_back(t < own ? T(1) : t > own ? T(0) : shares.back());
            first += count;
        }
        codes.insert(codes.end(), shares.begin(), shares.end());
        codes.insert(codes.end(), numbers.begin(), numbers.end());
    }
};

// The parameters, gradient and losses of a training.
template <class T>
std::vector<T> training(const Problem<T>& problem, bool encoded, int64_t batch, Threads threads) {
    const size_t P = problem.parameters.size();
    const int64_t n = problem.n, epochs = 2;
    const TrainerSettings settings{{Loss::huber, 0.7},
                                   1e-3,
                                   {Optimizer::adam, 0.9, 0.999, 1e-8, 3.0},
                                   batch,
                                   false,
                                   encoded ? problem.pieces : std::vector<int64_t>{}};
    const Rows<T> rows{(encoded ? problem.codes : problem.features).data(), problem.Y.data(), problem.weights.data(),
                       n};
    Trainer<T> trainer(problem.layers, settings, problem.parameters.data(), threads);
    const std::vector<double> rates(size_t(epochs * ((n - 1) / batch + 1)), 1e-3);
    std::vector<int64_t> orders = problem.order;
    orders.insert(orders.end(), problem.order.begin(), problem.order.end());
    std::vector<double> losses(epochs), watched(epochs);
    const EpochsCall<T> call{rows, epochs, rates.data(), orders.data(), losses.data(), rows, watched.data()};
    expect(trainer.run(call, [] { return true; }), "epochs run to their end", "Trainer");
    std::vector<T> found(2 * P + 3);
    trainer.parameters(found.data());
    found[2 * P] = T(trainer.gradient(rows, nullptr, n, found.data() + P));  // more rows than a batch has
    found[2 * P + 1] = T(losses[1]);
    found[2 * P + 2] = T(watched[1]);
    expect(trainer.objective(rows) >= watched[1], "the penalty is above 0", "Trainer");
    return found;
}

template <class T>
void test_shape(const std::vector<int64_t>& pieces, const std::vector<int64_t>& widths, int64_t rows) {
    const Problem<T> problem(pieces, widths, rows);
    const std::string where = std::to_string(sizeof(T)) + " bytes, " + std::to_string(rows) + " rows, " +
                              std::to_string(problem.layers[0].inputs) + " features, " + std::to_string(widths[0]);
    for (const int64_t batch : {rows, std::min<int64_t>(rows, 50), int64_t(1)}) {
        const std::vector<T> found = training(problem, true, batch, Threads{1});
        const std::vector<T> expected = training(problem, false, batch, Threads{1});
        double largest = 0, apart = 0;
        for (size_t i = 0; i < found.size(); i++) {
            largest = std::max(largest, std::fabs(double(expected[i])));
            apart = std::max(apart, std::fabs(double(found[i] - expected[i])));
        }
        const double rounding = sizeof(T) == sizeof(float) ? 1e-4 : 1e-11;  // Adam divides by gradients' roundings
        expect(apart <= rounding * largest, "training is that on the features", where);
        for (const int count : {2, 3}) {
            const std::vector<T> several = training(problem, true, batch, Threads{count});
            expect(std::memcmp(several.data(), found.data(), found.size() * sizeof(T)) == 0, "threads", where);
        }
    }
}

// Without a gradient Adam only decays: weights, those of pieces too, are multiplied by what is kept, biases stay.
template <class T>
void test_decay(const std::vector<int64_t>& pieces, const std::vector<int64_t>& widths) {
    const Problem<T> problem(pieces, widths, 3);
    const size_t P = problem.parameters.size();
    for (const bool encoded : {true, false}) {
        const TrainerSettings settings{{Loss::squared_error, 0},
                                       0,
                                       {Optimizer::adam, 0.9, 0.999, 1e-8, 0.5},
                                       3,
                                       false,
                                       encoded ? pieces : std::vector<int64_t>{}};
        Trainer<T> trainer(problem.layers, settings, problem.parameters.data(), Threads{2});
        const std::vector<T> nothing(P);
        std::vector<T> found(P);
        for (const double rate : {0.5, 0.0, 1.0}) trainer.apply(nothing.data(), rate);
        trainer.parameters(found.data());
        size_t i = 0;
        for (const Layer& layer : problem.layers) {
            const size_t biases = i + size_t(layer.inputs * layer.outputs), end = biases + size_t(layer.outputs);
            for (; i < biases; i++)
                expect(found[i] == T(0.5) * (T(0.75) * problem.parameters[i]), "a weight decays", "Trainer");
            for (; i < end; i++) expect(found[i] == problem.parameters[i], "a bias does not decay", "Trainer");
        }
    }
}

template <class T>
void test_all() {
    test_decay<T>({0, 3, 0}, {5, 2});
    test_decay<T>({48, 0, 7, 31}, {70, 17, 3});
    test_shape<T>({2}, {1}, 1);
    test_shape<T>({0, 3, 0}, {5, 2}, 20);
    test_shape<T>({48, 0, 7, 31}, {70, 17, 3}, 130);
    test_shape<T>({9, 2}, {128, 64, 1}, 300);
}

}  // namespace

int main() {
    test_all<float>();
    test_all<double>();
    std::cout << level() << ", encoded: " << (failures == 0 ? "passed" : "FAILED") << "\n";
    return failures == 0 ? 0 : 1;
}
