// Out of Python's interpreter while the engine computes, and back.
#pragma once

#include <nanobind/nanobind.h>

#include <unistd.h>

#include <type_traits>

#include "fitnet.hpp"

namespace fitnet::bindings {

namespace nb = nanobind;

// As long as this lives the GIL is released: other threads run Python.
class OutsidePython {
public:
    OutsidePython() : state_(PyEval_SaveThread()) {}
    ~OutsidePython() {
        come_back([] {});
    }
    OutsidePython(const OutsidePython&) = delete;
    OutsidePython& operator=(const OutsidePython&) = delete;

    // work() with the GIL, which must not throw.
    template <class Work>
    void inside(const Work& work) {
        come_back(work);
        state_ = PyEval_SaveThread();
    }

private:
    // When Python ends, it ends every other thread that asks for the GIL by unwinding its stack, through functions that
    // must not throw: the process would abort. Such a thread stays here instead, until the process is gone.
    template <class Work>
    void come_back(const Work& work) noexcept {
        try {
            PyEval_RestoreThread(state_);
            work();
        } catch (...) {
            for (;;) ::pause();
        }
    }

    PyThreadState* state_;
};

// Python's warning where the system has refused threads.
inline void warn_of_refused_threads() {
    const int refused = refused_threads();
    if (refused == 0) return;
    const nb::object category = nb::module_::import_("fitnet.errors").attr("EngineWarning");
    if (PyErr_WarnFormat(category.ptr(), 1,
                         "The system refused %d more thread%s: the native engine computes with those it has, slower "
                         "and with the same results; `n_threads` or FITNET_NUM_THREADS says how many it asks for.",
                         refused, refused == 1 ? "" : "s") != 0)
        throw nb::python_error();
}

// compute(), outside Python.
template <class Compute>
auto outside_python(const Compute& compute) {
    const auto computed = [&] {
        OutsidePython outside;
        return compute(outside);
    };
    if constexpr (std::is_void_v<decltype(computed())>) {
        computed();
        warn_of_refused_threads();
    } else {
        const auto result = computed();
        warn_of_refused_threads();
        return result;
    }
}

}  // namespace fitnet::bindings
