// In every test program that links the simulator: a test that fails prints the ladder and writes the capture.
#include <peal/testing/gtest.hpp>
