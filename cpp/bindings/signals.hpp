// Ctrl-C while the engine computes.
#pragma once

#include <nanobind/nanobind.h>

#include <chrono>
#include <exception>

namespace fitnet::bindings {

namespace nb = nanobind;

// Asks Python, from time to time, whether a signal such as Ctrl-C has come; keeps the exception its handler raised.
class SignalWatch {
public:
    bool keep_going() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_look_) return true;
        next_look_ = now + BETWEEN_LOOKS;
        nb::gil_scoped_acquire held;
        if (PyErr_CheckSignals() != 0) raised_ = std::make_exception_ptr(nb::python_error());
        return raised_ == nullptr;
    }
    void rethrow() const {
        if (raised_) std::rethrow_exception(raised_);
    }

private:
    // Waiting for the GIL can take 5 ms where other Python threads compute; this keeps that below a tenth of the time.
    static constexpr std::chrono::milliseconds BETWEEN_LOOKS{50};
    std::chrono::steady_clock::time_point next_look_ = std::chrono::steady_clock::now() + BETWEEN_LOOKS;
    std::exception_ptr raised_;
};

}  // namespace fitnet::bindings
