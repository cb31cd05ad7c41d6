#pragma once

#include <cstdint>
#include <string>
#include <variant>

/// What `peal` can be asked to do: the options of each subcommand, and the function that does it.
/// The functions return the exit code.
namespace cli {

enum Exit : int {
  success = 0,
  failed = 1,       ///< it was tried, and did not work: a call was refused, a message is not valid…
  usage = 2,        ///< the command line is wrong
  not_started = 3,  ///< an address cannot be used, a file cannot be read…
};

/// Who we are, for the commands that may register or be asked for a password.
struct Identity {
  std::string aor;   ///< empty: anonymous
  std::string user;  ///< for digest; empty: the user part of `aor`
  std::string password;
  std::string registrar;  ///< register there first; empty: no registration (`register`: the host of `aor`)
  std::string proxy;
  unsigned expires = 600;
};

/// How to print, and where to listen.
struct Common {
  std::string listen = "udp:0.0.0.0:0";
  bool json = false;
  bool quiet = false;
  bool trace = false;  ///< every message to stderr
};

struct Demo {
  std::string html = "ladder.html";
};
struct Register {
  Common common;
  Identity identity;
  bool once = false;
};
struct Call {
  Common common;
  Identity identity;
  std::string target;
  double duration = -1;  ///< seconds; negative: until the other side hangs up
  unsigned count = 1;
  double rate = 10;  ///< calls a second
  bool late_offer = false;
};
struct Answer {
  Common common;
  Identity identity;
  unsigned ring_ms = 0;
  unsigned code = 200;
  std::string redirect{};  ///< a URI: 302 with this Contact, instead of `code`
  double duration = -1;
  std::uint64_t count = 0;  ///< 0: no end
};
struct Options {
  Common common;
  Identity identity;
  std::string target;
};
struct Inspect {
  std::string file = "-";
  bool json = false;       ///< errors too
  bool from_json = false;  ///< the other way: JSON to SIP
  bool interop = false;    ///< as a user agent reads, not by the letter of the grammar
};
struct Explain {
  std::string what;
  unsigned width = 0;  ///< 0: the terminal's
};
using Command = std::variant<Demo, Register, Call, Answer, Options, Inspect, Explain>;

int run(const Demo& command);
int run(const Register& command);
int run(const Call& command);
int run(const Answer& command);
int run(const Options& command);
int run(const Inspect& command);
int run(const Explain& command);

/// The command, or the exit code when there is nothing (more) to do. The one place that knows CLI11.
std::variant<Command, int> parse_command_line(int argc, char** argv);

}  // namespace cli
