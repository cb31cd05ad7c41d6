#pragma once

#include "corpus.hpp"

#include <peal/message/parse.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

/// The messages of RFC 4475 §3 and RFC 5118 §4 by the names that the RFCs give them.
namespace torture {

using namespace peal;

/// What the prose wants of a receiver's parser.
enum class Prose : std::uint8_t {
  well_formed,  ///< "must accept", "well formed", "valid"
  may_refuse,   ///< "acceptable to reject", "reasonable to reject", "could", "should" with a liberal way out
  refuse,       ///< "should respond with 400", "simply drop", and no way out
};

struct Verdict {
  const char* name;
  const char* section;
  Prose prose;
  Parsed parsed;  ///< what becomes of it here
  parse_errc why = parse_errc::no_result;
  std::string_view at{};  ///< what stands where it goes wrong
};
inline std::ostream& operator<<(std::ostream& out, const Verdict& verdict) { return out << verdict.name; }

inline bool of_rfc5118(const Verdict& verdict) { return verdict.section[0] == '4'; }

/// In the order of the RFCs.
inline constexpr std::array<Verdict, 61> verdicts{{
    {"wsinv", "3.1.1.1", Prose::well_formed, Parsed::request},
    {"intmeth", "3.1.1.2", Prose::well_formed, Parsed::request},
    {"esc01", "3.1.1.3", Prose::well_formed, Parsed::request},
    {"escnull", "3.1.1.4", Prose::well_formed, Parsed::request},
    {"esc02", "3.1.1.5", Prose::well_formed, Parsed::request},
    // "not valid per the grammar … a specification bug … Elements should accept this request as well formed."
    {"lwsdisp", "3.1.1.6", Prose::well_formed, Parsed::request},
    {"longreq", "3.1.1.7", Prose::well_formed, Parsed::request},
    {"dblreq", "3.1.1.8", Prose::well_formed, Parsed::request},
    {"semiuri", "3.1.1.9", Prose::well_formed, Parsed::request},
    {"transports", "3.1.1.10", Prose::well_formed, Parsed::request},
    {"mpart01", "3.1.1.11", Prose::well_formed, Parsed::request},
    {"unreason", "3.1.1.12", Prose::well_formed, Parsed::response},
    {"noreason", "3.1.1.13", Prose::well_formed, Parsed::response},
    {"badinv01", "3.1.2.1", Prose::refuse, Parsed::bad_request, parse_errc::bad_parameter, ";,;,,"},
    {"clerr", "3.1.2.2", Prose::refuse, Parsed::bad_request, parse_errc::body_too_short, "9999"},
    {"ncl", "3.1.2.3", Prose::refuse, Parsed::bad_request, parse_errc::bad_content_length, "-999"},
    {"scalar02", "3.1.2.4", Prose::refuse, Parsed::bad_request, parse_errc::bad_cseq, "36893488147419103232 REGISTER"},
    {"scalarlg", "3.1.2.5", Prose::refuse, Parsed::bad_response, parse_errc::bad_cseq, "9292394834772304023312"},
    {"quotbal", "3.1.2.6", Prose::may_refuse, Parsed::bad_request, parse_errc::unterminated_quote, "\"Mr. J. User"},
    {"ltgtruri", "3.1.2.7", Prose::may_refuse, Parsed::bad_request, parse_errc::bad_scheme, "<sip:user@example.com>"},
    {"lwsruri", "3.1.2.8", Prose::may_refuse, Parsed::bad_request, parse_errc::bad_parameter, " lr SIP/2.0"},
    {"lwsstart", "3.1.2.9", Prose::may_refuse, Parsed::bad_request, parse_errc::bad_scheme, " sip:user@example.com  "},
    {"trws", "3.1.2.10", Prose::may_refuse, Parsed::bad_request, parse_errc::bad_start_line, "\r\nVia"},
    // "An element could choose to be liberal in what it accepts and ignore the escaped headers."
    {"escruri", "3.1.2.11", Prose::may_refuse, Parsed::request},
    // "an element shouldn't do that unless the contents of the Date header field were actually important"
    {"baddate", "3.1.2.12", Prose::may_refuse, Parsed::request},
    {"regbadct", "3.1.2.13", Prose::may_refuse, Parsed::bad_request, parse_errc::bad_name_addr, "?Route=%3C"},
    {"badaspec", "3.1.2.14", Prose::may_refuse, Parsed::bad_request, parse_errc::bad_scheme, " sip:t.watson@"},
    // The archive lacks the empty line of the figure; ValuesTest.baddn has it.
    {"baddn", "3.1.2.15", Prose::may_refuse, Parsed::bad_request, parse_errc::no_end_of_headers, ""},
    {"badvers", "3.1.2.16", Prose::refuse, Parsed::bad_request, parse_errc::bad_version, "SIP/7.0"},
    {"mismatch01", "3.1.2.17", Prose::refuse, Parsed::bad_request, parse_errc::method_mismatch, "INVITE"},
    {"mismatch02", "3.1.2.18", Prose::refuse, Parsed::bad_request, parse_errc::method_mismatch, "INVITE"},
    {"bigcode", "3.1.2.19", Prose::refuse, Parsed::bad_response, parse_errc::bad_status_code, "4294967301"},
    // "or it could fall back to the RFC 2543-style transaction identifier"
    {"badbranch", "3.2.1", Prose::may_refuse, Parsed::request},
    {"insuf", "3.3.1", Prose::refuse, Parsed::bad_request, parse_errc::missing_header, "v=0"},
    {"unkscm", "3.3.2", Prose::well_formed, Parsed::request},
    {"novelsc", "3.3.3", Prose::well_formed, Parsed::request},
    {"unksm2", "3.3.4", Prose::well_formed, Parsed::request},
    {"bext01", "3.3.5", Prose::well_formed, Parsed::request},
    {"invut", "3.3.6", Prose::well_formed, Parsed::request},
    {"regaut01", "3.3.7", Prose::well_formed, Parsed::request},
    {"multi01", "3.3.8", Prose::refuse, Parsed::bad_request, parse_errc::repeated_header, "CSeq: 59 INVITE"},
    {"mcl01", "3.3.9", Prose::refuse, Parsed::bad_request, parse_errc::repeated_header, "Content-Length: 5"},
    {"bcast", "3.3.10", Prose::well_formed, Parsed::response},
    {"zeromf", "3.3.11", Prose::well_formed, Parsed::request},
    {"cparam01", "3.3.12", Prose::well_formed, Parsed::request},
    {"cparam02", "3.3.13", Prose::well_formed, Parsed::request},
    {"regescrt", "3.3.14", Prose::well_formed, Parsed::request},
    {"sdp01", "3.3.15", Prose::well_formed, Parsed::request},
    {"inv2543", "3.4.1", Prose::well_formed, Parsed::request},
    // RFC 5118
    {"ipv6-good", "4.1", Prose::well_formed, Parsed::request},
    {"ipv6-bad", "4.2", Prose::refuse, Parsed::bad_request, parse_errc::bad_host, "2001:db8::10 SIP/2.0"},
    {"port-ambiguous", "4.3", Prose::well_formed, Parsed::request},
    {"port-unambiguous", "4.4", Prose::well_formed, Parsed::request},
    // "robust implementations must nonetheless be able to parse the topmost Via header field and continue"
    {"via-received-param-with-delim", "4.5", Prose::well_formed, Parsed::request},
    {"via-received-param-no-delim", "4.5", Prose::well_formed, Parsed::request},
    {"ipv6-in-sdp", "4.6", Prose::well_formed, Parsed::request},
    {"mult-ip-in-header", "4.7", Prose::well_formed, Parsed::request},
    {"mult-ip-in-sdp", "4.8", Prose::well_formed, Parsed::request},
    {"ipv4-mapped-ipv6", "4.9", Prose::well_formed, Parsed::request},
    // "an implementation must tolerate both of the above constructs"
    {"ipv6-bug-abnf-3-colons", "4.10", Prose::well_formed, Parsed::request},
    {"ipv6-correct-abnf-2-colons", "4.10", Prose::well_formed, Parsed::request},
}};

inline const Verdict& verdict_of(std::string_view name) {
  return *std::find_if(verdicts.begin(), verdicts.end(), [&](const auto& v) { return v.name == name; });
}

inline std::string folder_of(const Verdict& verdict) {
  return std::string("torture/") + (of_rfc5118(verdict) ? "rfc5118" : "rfc4475");
}

inline std::string text_of(std::string_view name) {
  const auto& verdict = verdict_of(name);
  return peal_test::read_data(peal_test::data_path(folder_of(verdict)) / (std::string(name) + ".dat"));
}

/// The name of a message as a name of a test.
inline std::string test_name(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

inline Request request_of(std::string_view name) {
  auto parsed = Request::parse(text_of(name));
  EXPECT_TRUE(parsed) << name;
  return parsed ? std::move(*parsed) : Request();
}
inline Response response_of(std::string_view name) {
  auto parsed = Response::parse(text_of(name));
  EXPECT_TRUE(parsed) << name;
  return parsed ? std::move(*parsed) : Response();
}

/// A datagram parsed in place: also what is left of a bad one can be looked at.
class Received {
 public:
  explicit Received(std::string_view text)
      : bytes_(std::make_unique<char[]>(text.size() + Parser::padding)), size_(text.size()) {
    std::copy(text.begin(), text.end(), bytes_.get());
    parsed = parser.parse(bytes_.get(), size_);
  }
  [[nodiscard]] std::string why() const {
    return parser.error().message() + " at " + std::to_string(parser.error().offset);
  }

  Parser parser;
  Parsed parsed = Parsed::garbage;

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

}  // namespace torture
