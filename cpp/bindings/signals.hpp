// Ctrl-C, and every other signal of Python's, while the engine computes.
#pragma once

#include <chrono>

#include "bindings/interpreter.hpp"

namespace fitnet::bindings {

// compute(keep_going), outside Python. From time to time Python is asked whether a signal has come; its handler may
// call the engine again. What a handler raises ends the call and is thrown.
template <class Compute>
auto watching_signals(const Compute& compute) {
    // Waiting for the GIL can take 5 ms where other Python threads compute; this keeps that below a tenth of the time.
    constexpr std::chrono::milliseconds between{50};
    using Clock = std::chrono::steady_clock;
    bool raised = false;  // the exception stays in Python's state of this thread
    const auto result = outside_python([&](OutsidePython& outside) {
        auto next_look = Clock::now() + between;
        return compute(KeepGoing([&] {
            if (raised || Clock::now() < next_look) return !raised;
            outside.inside([&] { raised = PyErr_CheckSignals() != 0; });
            next_look = Clock::now() + between;
            return !raised;
        }));
    });
    if (raised) throw nb::python_error();
    return result;
}

}  // namespace fitnet::bindings
