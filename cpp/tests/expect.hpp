// What a test program of the engine says, and counts, where something does not hold.
#pragma once

#include <iostream>
#include <string>

inline int failures = 0;

inline void expect(bool holds, const char* what, const std::string& where) {
    if (holds) return;
    std::cerr << "FAILED: " << what << " (" << where << ")\n";
    failures++;
}
