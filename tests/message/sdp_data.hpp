#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the SDP tests share: text with CRLF, the examples of the RFCs.
namespace sdp_test {

inline std::string lines(std::initializer_list<std::string_view> list) {
  std::string out;
  for (const auto line : list) (out += line) += "\r\n";
  return out;
}

/// Name and bytes of each file of tests/data/sdp, in the order of names.
inline std::vector<std::pair<std::string, std::string>> examples() {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& entry : std::filesystem::directory_iterator(PEAL_SOURCE_DIR "/tests/data/sdp")) {
    if (entry.path().extension() != ".sdp") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    out.emplace_back(entry.path().stem().string(), std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::sort(out.begin(), out.end());
  return out;
}

inline std::string example(std::string_view name) {
  for (auto& [file, text] : examples())
    if (file == name) return text;
  return {};
}

/// splitmix64: the same mutations on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  std::uint64_t next() {
    auto z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

}  // namespace sdp_test
