// What may stand on the command line. The only file that includes CLI11, which costs 5 s to compile.
#include "commands.hpp"

#include <peal/version.hpp>

#include <CLI/CLI.hpp>

namespace cli {

namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 it worked, 1 it was tried and failed, 2 wrong usage, 3 could not start\n"
    "(an address in use, a file that cannot be read).";

std::string footer(const std::string& examples) { return "Examples:\n" + examples + "\n" + exit_codes; }

void add(CLI::App& app, Common& common) {
  app.add_option("--listen", common.listen, "Where to listen; port 0: the system chooses")->capture_default_str();
  app.add_flag("--json", common.json, "Print events as JSON Lines");
  app.add_flag("--quiet", common.quiet, "Print the summary only");
  app.add_flag("--trace", common.trace, "Print every SIP message to stderr");
}

void add(CLI::App& app, Identity& identity) {
  app.add_option("--user", identity.user, "User name for digest, when it is not the AOR's user part");
  app.add_option("--password", identity.password, "Password for digest")->envname("PEAL_PASSWORD");
  app.add_option("--proxy", identity.proxy, "Outbound proxy, a SIP URI: every request goes there first");
  app.add_option("--expires", identity.expires, "Seconds of registration to ask for")->capture_default_str();
}

void add_from(CLI::App& app, Identity& identity) {
  app.add_option("--from", identity.aor, "Our address of record, sip:alice@example.com");
  app.add_option("--registrar", identity.registrar, "Register there first, a SIP URI")->needs("--from");
  add(app, identity);
}

void add_demo(CLI::App& app, Demo& demo) {
  app.footer(footer("  peal demo\n  peal demo --html /tmp/first-call.html\n"));
  app.add_option("--html", demo.html, "Where to write the ladder as a web page")->capture_default_str();
}

void add_register(CLI::App& app, Register& command) {
  app.footer(
      footer("  peal register sip:alice@example.com --password secret --once\n"
             "  peal register sip:alice@example.com --password secret --registrar sip:192.0.2.1:5060\n"));
  app.add_option("aor", command.identity.aor, "Address of record, sip:alice@example.com")->required();
  app.add_option("--registrar", command.identity.registrar, "The registrar's URI, when it is not the AOR's host");
  app.add_flag("--once", command.once, "Exit as soon as the registration stands, and leave it");
  add(app, command.identity);
  add(app, command.common);
}

void add_call(CLI::App& app, Call& command) {
  app.footer(
      footer("  peal call sip:bob@192.0.2.2 --duration 5\n"
             "  peal call sip:bob@example.com --from sip:alice@example.com --password secret\n"
             "  peal call sip:service@127.0.0.1:5060 --count 1000 --rate 200 --duration 0 --quiet\n"));
  app.add_option("uri", command.target, "Whom to call, a SIP URI")->required();
  app.add_option("--duration", command.duration,
                 "Hang up after that many seconds (default: the other side hangs up, or Ctrl-C)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--count", command.count, "How many calls")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--rate", command.rate, "Calls a second, with --count")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_flag("--late-offer", command.late_offer, "INVITE without SDP");
  add_from(app, command.identity);
  add(app, command.common);
}

void add_answer(CLI::App& app, Answer& command) {
  app.footer(
      footer("  peal answer --listen udp:127.0.0.1:5060\n"
             "  peal answer --listen udp:127.0.0.1:0 --ring-ms 500 --count 1 --json\n"
             "  peal answer --code 486\n"
             "  peal answer --redirect sip:bob@192.0.2.7\n"
             "  peal answer --from sip:bob@example.com --password secret --registrar sip:example.com\n"));
  app.add_option("--ring-ms", command.ring_ms, "Ring that many milliseconds first")->capture_default_str();
  app.add_option("--code", command.code, "Answer with this code, 200 to 699")
      ->check(CLI::Range(200, 699))
      ->check([](const std::string& code) { return code == "401" || code == "407" ? code + " needs a challenge" : ""; })
      ->capture_default_str();
  app.add_option("--redirect", command.redirect, "Answer 302 with this URI as Contact")->excludes("--code");
  app.add_option("--duration", command.duration, "Hang up after that many seconds (default: the other side hangs up)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--count", command.count, "Exit after that many calls (default: Ctrl-C)");
  add_from(app, command.identity);
  add(app, command.common);
}

void add_options(CLI::App& app, Options& command) {
  app.footer(footer("  peal options sip:example.com\n  peal options sip:bob@192.0.2.2:5060 --json\n"));
  app.add_option("uri", command.target, "Whom to ask, a SIP URI")->required();
  add_from(app, command.identity);
  add(app, command.common);
}

void add_inspect(CLI::App& app, Inspect& command) {
  app.footer(
      footer("  peal inspect invite.txt\n  tail -c +43 packet.bin | peal inspect -\n"
             "  peal inspect invite.txt > invite.json && peal inspect --from-json invite.json\n"));
  app.add_option("file", command.file, "A file with one SIP message; -: standard input")->capture_default_str();
  app.add_flag("--interop,!--strict", command.interop,
               "Mend what devices are known to get wrong, as a user agent does (--strict, the default: refuse it)");
  app.add_flag("--from-json", command.from_json, "The file is such JSON: print the SIP message");
  app.add_flag("--json", command.json, "JSON also for a message that is not valid");
}

void add_explain(CLI::App& app, Explain& command) {
  app.footer(footer("  peal explain 403\n  peal explain PRACK\n  peal explain 100rel\n  peal explain list\n"));
  app.add_option("what", command.what, "A response code, method, option tag, event package or header, or `list`")
      ->required();
  app.add_option("--width", command.width, "Columns (default: the terminal's)")->check(CLI::Range(40, 400));
}

}  // namespace

std::variant<Command, int> parse_command_line(int argc, char** argv) {
  CLI::App app{"peal: SIP from the command line", "peal"};
  app.set_version_flag("--version", std::string("peal ") + peal::version());
  app.require_subcommand(1);
  app.footer("`peal COMMAND --help` shows examples.\n\n" + std::string(exit_codes));

  Demo demo;
  Register register_;
  Call call;
  Answer answer;
  Options options;
  Inspect inspect;
  Explain explain;
  add_demo(*app.add_subcommand("demo", "The first call: a registrar and two phones on this machine"), demo);
  add_register(*app.add_subcommand("register", "Register an address of record"), register_);
  add_call(*app.add_subcommand("call", "Call somebody"), call);
  add_answer(*app.add_subcommand("answer", "Answer calls"), answer);
  add_options(*app.add_subcommand("options", "Ask what the other side can do"), options);
  add_inspect(*app.add_subcommand("inspect", "A SIP message as JSON, or why it is not valid"), inspect);
  add_explain(*app.add_subcommand("explain", "What a response code, a method or another registered name means"),
              explain);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? int{success} : int{usage};
  }
  if (app.got_subcommand("demo")) return Command(demo);
  if (app.got_subcommand("register")) return Command(register_);
  if (app.got_subcommand("call")) return Command(call);
  if (app.got_subcommand("answer")) return Command(answer);
  if (app.got_subcommand("options")) return Command(options);
  if (app.got_subcommand("inspect")) return Command(inspect);
  return Command(explain);
}

}  // namespace cli
