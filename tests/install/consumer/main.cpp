// Grows into a call once the facade can make one; what it links, peal::sdk, brings every floor below.
#include <peal/message/status.hpp>

#include <cstdio>

int main() {
  const auto reason = peal::reason_phrase(peal::status::ringing);
  std::printf("180 %.*s\n", static_cast<int>(reason.size()), reason.data());
  return reason == "Ringing" ? 0 : 1;
}
