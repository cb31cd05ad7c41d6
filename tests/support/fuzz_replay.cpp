// Stands in for libFuzzer's main: feeds each file of the folders named on the command line to the target, whole and
// cut short: at each byte, or with --cuts=N at about N places. A file that is named itself: whole.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::uint8_t> read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A block of its own for each input, so that ASan sees a read behind the end.
void feed(const std::vector<std::uint8_t>& bytes, std::size_t size) {
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t files = 0;
  std::size_t cuts = 0;  // 0: at each byte
  for (int i = 1; i < count; ++i) {
    if (const std::string_view argument = arguments[i]; argument.starts_with("--cuts=")) {
      cuts = std::strtoul(arguments[i] + 7, nullptr, 10);
      continue;
    }
    if (std::filesystem::is_regular_file(arguments[i])) {
      const auto bytes = read(arguments[i]);
      feed(bytes, bytes.size());
      ++files;
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(arguments[i])) {
      if (!entry.is_regular_file()) continue;
      const auto bytes = read(entry.path());
      const std::size_t step = cuts == 0 ? 1 : bytes.size() / cuts + 1;
      for (std::size_t size = 0; size < bytes.size(); size += step) feed(bytes, size);
      feed(bytes, bytes.size());
      ++files;
    }
  }
  std::printf("%zu files\n", files);
  return files == 0 ? 1 : 0;
}
