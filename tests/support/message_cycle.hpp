#pragma once

#include <peal/message/parse.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

/// Everything one can do to a message that came off the wire. For loops over damaged input and for the fuzzer:
/// it must not crash, and what it prints must be a message again.
namespace peal_test {

inline void must(bool ok) {
  if (!ok) std::abort();
}

inline void read_all(const peal::Message& m) {
  using namespace peal;
  std::size_t n = 0;
  for (std::size_t i = 0; i < m.size(); ++i) n += m.field(i).name.size() + m.field(i).value.size();
  const auto count = [&](const auto&... h) {
    (m.each(h, [&](const auto& element) { n += element ? 1U : element.error().offset; }), ...);
  };
  count(header::via, header::from, header::to, header::call_id, header::cseq, header::max_forwards, header::contact,
        header::route, header::record_route, header::content_length, header::content_type, header::require,
        header::supported, header::allow, header::accept, header::expires, header::retry_after,
        header::www_authenticate, header::authorization, header::user_agent, header::warning);
  m.each(header::contact, [&](const auto& contact) {
    if (!contact) return;
    n += contact->display_name().size() + unescape(contact->uri().user()).size();
    for (const auto& param : contact->params()) n += param.unquoted().size();
    for (const auto& param : contact->uri().params()) n += param.unquoted().size();
    n += equivalent(contact->uri(), m.from().uri()) ? 1U : 0U;
  });
  m.each(header::authorization,
         [&](const auto& auth) { n += auth ? auth->value("nonce").size() + auth->value("uri").size() : 0; });
  n += m.top_via().text().size() + m.top_via().branch().size() + m.from_tag().size() + m.to_tag().size() +
       m.call_id().size() + m.cseq().number;
  n += m.body().size() + (m.lists(header::supported, "100rel") ? 1U : 0U);
  must(n != static_cast<std::size_t>(-1));
}

template <class M>
void edit_all(M& m) {
  using namespace peal;
  if (auto via = Via::parse(m.top_via().text());
      via && via->set_param("received", "192.0.2.77") && via->set_param("rport", "5060"))
    m.replace_front(header::via, *via);
  m.push_front(header::via, *Via::make("UDP", "192.0.2.1", "z9hG4bKx", true));
  m.pop_front(header::via);
  m.pop_front(header::route);
  m.push_front(header::record_route, *NameAddr::parse("<sip:p.example.com;lr>"));
  must(m.add("X-Fuzz", "1").has_value());
  must(!m.set("X-Fuzz", "1\r\n").has_value());
  m.set_body(*MediaType::parse("text/plain"), "body");
  m.remove("Subject");
}

/// Parses `text` as a datagram, reads, copies, edits, answers and prints it. Aborts when a promise is broken.
/// `profile`: that of the parser; what it took is printed so that it takes it again.
inline peal::Parsed message_cycle(peal::Parser& parser, std::string_view text,
                                  peal::Profile profile = peal::Profile::strict) {
  using namespace peal;
  ParseLimits limits;
  limits.profile = profile;
  limits.message_bytes = 1'000'000;  // a mended message may be longer than what came
  const auto buffer = std::make_unique<char[]>(text.size() + Parser::padding);
  std::copy(text.begin(), text.end(), buffer.get());
  const auto parsed = parser.parse(buffer.get(), text.size());
  if (parsed == Parsed::request || parsed == Parsed::bad_request) {
    Request& request = parser.request();
    read_all(request);
    const Request kept = request;
    const auto printed = request.to_string();
    must(kept.to_string() == printed && request.printed_size() == printed.size());
    const Response answer(request, StatusCode(400), "tag");
    const auto answer_text = answer.to_string();
    edit_all(request);
    read_all(request);
    if (parsed == Parsed::request) {
      const auto again = Request::parse(printed, limits);
      must(again && again->to_string() == printed && again->call_id() == kept.call_id() &&
           again->from_tag() == kept.from_tag());
      must(Request::parse(request.to_string(), limits).has_value());
      must(Response::parse(answer_text, limits).has_value());
    }
    read_all(kept);
    must(kept.to_string() == printed);
  } else if (parsed == Parsed::response || parsed == Parsed::bad_response) {
    Response& response = parser.response();
    read_all(response);
    const Response kept = response;
    const auto printed = response.to_string();
    edit_all(response);
    if (parsed == Parsed::response) {
      must(Response::parse(printed, limits).has_value());
      must(Response::parse(response.to_string(), limits).has_value());
    }
    must(kept.to_string() == printed);
  }
  if (parsed != Parsed::request && parsed != Parsed::response && parsed != Parsed::keep_alive)
    must(parser.error().code != parse_errc::no_result);
  must(parser.error().offset <= text.size());
  return parsed;
}

}  // namespace peal_test
