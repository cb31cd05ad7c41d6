#pragma once

#include <peal/trace/ladder.hpp>
#include <peal/trace/ring.hpp>

#include <chrono>
#include <string>
#include <string_view>

/// A call as in RFC 3665 §3.1, as one or both of its ends record it.
namespace trace_call {

using namespace peal;
using namespace std::chrono_literals;
using transport::Direction;
using transport::Endpoint;
using transport::IpAddress;
using transport::Protocol;

inline const Endpoint alice{IpAddress::v4({192, 0, 2, 101}), 5060};
inline const Endpoint bob{IpAddress::v4({192, 0, 2, 201}), 5060};
inline const trace::WallTime start = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + 3h + 4min + 5s + 6789us;

inline std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out.append(c == '\n' ? "\r\n" : std::string(1, c));
  return out;
}

inline std::string message(std::string_view start_line, std::string_view cseq, std::string_view sdp = {}) {
  std::string out = std::string(start_line) + "\n";
  out += "Via: SIP/2.0/UDP client.atlanta.example.com:5060;branch=z9hG4bK74bf9\n";
  out += "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\nTo: Bob <sip:bob@biloxi.example.com>\n";
  out += "Call-ID: 3848276298220188511@atlanta.example.com\nCSeq: " + std::string(cseq) + "\n";
  if (!sdp.empty()) out += "Content-Type: application/sdp\n";
  out += "Content-Length: " + std::to_string(sdp.size()) + "\n\n";
  return crlf(out) + std::string(sdp);
}

inline const std::string sdp = "v=0\r\no=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com\r\ns=-\r\n";
inline const std::string invite = message("INVITE sip:bob@biloxi.example.com SIP/2.0", "1 INVITE", sdp);
inline const std::string ringing = message("SIP/2.0 180 Ringing", "1 INVITE");
inline const std::string ok = message("SIP/2.0 200 OK", "1 INVITE", sdp);
inline const std::string ack = message("ACK sip:bob@client.biloxi.example.com SIP/2.0", "1 ACK");
inline const std::string bye = message("BYE sip:alice@client.atlanta.example.com SIP/2.0", "1 BYE");
inline const std::string bye_ok = message("SIP/2.0 200 OK", "1 BYE");

/// Feeds a ring as two layers would: `after` the start `text` leaves, and arrives 1 ms later unless told otherwise.
struct Recorder {
  trace::Ring ring;
  bool both_ends = true;  // false: alice's alone, and nothing takes time
  void send(std::chrono::milliseconds after, const Endpoint& from, const Endpoint& to, std::string_view text,
            bool arrives = true) {
    if (!both_ends && from != alice) return arrive(after, from, to, text);
    ring.on_message({Direction::sent, Protocol::udp, from, to, start + after, text});
    if (both_ends && arrives) arrive(after + 1ms, from, to, text);
  }
  void arrive(std::chrono::milliseconds after, const Endpoint& from, const Endpoint& to, std::string_view text) {
    ring.on_message({Direction::received, Protocol::udp, to, from, start + after, text});
  }
  void call() {
    send(0ms, alice, bob, invite);
    send(100ms, bob, alice, ringing);
    send(2100ms, bob, alice, ok);
    send(2102ms, alice, bob, ack);
    ring.note("both talk", start + 2103ms);
    send(12500ms, bob, alice, bye);
    send(12501ms, alice, bob, bye_ok);
  }
};

inline trace::LadderOptions named() {
  trace::LadderOptions options;
  options.names = {{alice, "alice"}, {bob, "bob"}};
  return options;
}

}  // namespace trace_call
