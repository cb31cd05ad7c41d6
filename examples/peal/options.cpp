// peal options: asks what the other side can do.
#include "program.hpp"

#include <cstdio>

namespace cli {

namespace {

class Asking final : public Program {
 public:
  explicit Asking(const Options& command) : Program(command.common, command.identity), target_(command.target) {}

 private:
  void begin() override {
    ua_.options(target_, [this](const peal::Result<peal::Response>& response) { answered(response); });
  }
  void answered(const peal::Result<peal::Response>& response) {
    if (response) {
      print(*response);
      worked_ = response->status().is_success();
    } else {
      std::fprintf(stderr, "no answer from %s: %s\n", target_.c_str(), response.error().message().c_str());
    }
    finish();
  }
  int result() const override { return worked_ ? success : failed; }

  const std::string target_;
  bool worked_ = false;
};

}  // namespace

int run(const Options& command) { return Asking(command).run(); }

}  // namespace cli
