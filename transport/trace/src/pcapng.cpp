#include <peal/trace/pcapng.hpp>
#include <peal/trace/redact.hpp>

#include "steps.hpp"

#include <algorithm>
#include <chrono>

namespace peal::inline v0::trace {

namespace {

constexpr std::uint8_t protocol_udp = 17;
constexpr std::uint8_t protocol_tcp = 6;
constexpr std::size_t udp_header = 8;
constexpr std::size_t tcp_header = 20;
constexpr std::size_t most_streams = 65536;  // then their numbers begin anew

// ---- pcapng blocks are in the byte order of their magic number: little-endian here. IP is big-endian.

void little(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8U * static_cast<unsigned>(i))) & 0xffU));
}
void big(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i)
    out.push_back(static_cast<char>((value >> (8U * static_cast<unsigned>(i))) & 0xffU));
}
void pad4(std::string& out) { out.append((4 - out.size() % 4) % 4, '\0'); }

void option(std::string& out, std::uint16_t code, std::string_view value) {
  little(out, code, 2);
  little(out, value.size(), 2);
  out.append(value);
  pad4(out);
}

std::string block(std::uint32_t type, std::string_view body) {
  std::string out;
  const auto total = body.size() + 12;
  little(out, type, 4);
  little(out, total, 4);
  out.append(body);
  little(out, total, 4);
  return out;
}

std::string section_header() {
  std::string body;
  little(body, 0x1a2b3c4d, 4);
  little(body, 1, 2);
  little(body, 0, 2);
  little(body, ~std::uint64_t{0}, 8);  // length not known
  option(body, 4, "Peal");             // shb_userappl
  little(body, 0, 4);                  // opt_endofopt
  return block(0x0a0d0d0a, body);
}

std::string interface_description() {
  std::string body;
  little(body, 101, 2);  // LINKTYPE_RAW: IPv4 or IPv6 by its first byte
  little(body, 0, 2);
  little(body, 0, 4);                            // no snap length
  option(body, 2, "sip");                        // if_name
  option(body, 9, std::string_view("\x09", 1));  // if_tsresol: nanoseconds
  little(body, 0, 4);
  return block(1, body);
}

// ---- IP

std::uint32_t sum_of(std::string_view bytes, std::uint32_t sum = 0) noexcept {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = std::uint32_t{static_cast<unsigned char>(bytes[i])};
    sum += i % 2 == 0 ? byte << 8U : byte;
    if ((sum & 0x80000000U) != 0) sum = (sum & 0xffffU) + (sum >> 16U);
  }
  return sum;
}

std::uint16_t checksum(std::uint32_t sum) noexcept {
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void put_big16(std::string& out, std::size_t at, std::uint16_t value) {
  out[at] = static_cast<char>(value >> 8U);
  out[at + 1] = static_cast<char>(value & 0xffU);
}

void append_address(std::string& out, const transport::IpAddress& address) {
  const auto size = address.is_v6() ? 16U : 4U;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(address.bytes()[i]));
}

std::string ip_header(const Endpoint& from, const Endpoint& to, std::uint8_t protocol, std::size_t payload,
                      std::uint16_t id) {
  std::string out;
  if (from.address.is_v6()) {
    big(out, 0x60000000, 4);
    big(out, payload, 2);
    big(out, protocol, 1);
    big(out, 64, 1);
  } else {
    big(out, 0x4500, 2);
    big(out, payload + 20, 2);
    big(out, id, 2);
    big(out, 0x4000, 2);  // do not fragment
    big(out, 64, 1);
    big(out, protocol, 1);
    big(out, 0, 2);
  }
  append_address(out, from.address);
  append_address(out, to.address);
  if (!from.address.is_v6()) put_big16(out, 10, checksum(sum_of(out)));
  return out;
}

/// RFC 768, RFC 9293 §3.1, RFC 8200 §8.1: over the segment and what identifies its ends.
std::uint16_t segment_checksum(const Endpoint& from, const Endpoint& to, std::uint8_t protocol,
                               std::string_view segment) {
  std::string pseudo;
  append_address(pseudo, from.address);
  append_address(pseudo, to.address);
  big(pseudo, segment.size(), 4);
  big(pseudo, protocol, 4);
  return checksum(sum_of(segment, sum_of(pseudo)));
}

std::string udp_segment(const Endpoint& from, const Endpoint& to, std::string_view payload) {
  std::string out;
  big(out, from.port, 2);
  big(out, to.port, 2);
  big(out, payload.size() + udp_header, 2);
  big(out, 0, 2);
  out.append(payload);
  const auto sum = segment_checksum(from, to, protocol_udp, out);
  put_big16(out, 6, sum == 0 ? std::uint16_t{0xffff} : sum);  // 0 would say that there is none
  return out;
}

std::string tcp_segment(const Endpoint& from, const Endpoint& to, std::uint32_t sequence, std::uint32_t acknowledged,
                        std::string_view payload) {
  std::string out;
  big(out, from.port, 2);
  big(out, to.port, 2);
  big(out, sequence, 4);
  big(out, acknowledged, 4);
  big(out, 0x5018, 2);  // 20 bytes of header, PSH and ACK
  big(out, 65535, 2);
  big(out, 0, 4);
  out.append(payload);
  put_big16(out, 16, segment_checksum(from, to, protocol_tcp, out));
  return out;
}

}  // namespace

PcapngWriter::PcapngWriter(Output output, Secrets secrets) : output_(std::move(output)), secrets_(secrets) {
  output_(section_header());
  output_(interface_description());
}

void PcapngWriter::on_message(const transport::TapEvent& event) { add(record_of(event)); }

void PcapngWriter::add(const Record& record) {
  if (record.kind == Record::Kind::note) {
    comment_.append(comment_.empty() ? "" : "\n").append(record.bytes);
    return;
  }
  if (record.local.address.is_v6() != record.peer.address.is_v6()) return;  // no packet could say so
  const auto text = secrets_ == Secrets::hidden ? redacted(record.bytes) : std::string(record.bytes);
  const auto most = 65535 - 20 - (record.protocol == Protocol::udp ? udp_header : tcp_header);  // of one IPv4 packet
  std::string_view rest = text;
  do {
    packet(record, rest.substr(0, most));
    rest.remove_prefix(std::min(rest.size(), most));
  } while (!rest.empty());
}

void PcapngWriter::packet(const Record& record, std::string_view payload) {
  const auto& from = record.from();
  const auto& to = record.to();
  const bool udp = record.protocol == Protocol::udp;
  std::string segment;
  if (udp) {
    segment = udp_segment(from, to, payload);
  } else {
    if (streams_.size() > most_streams) streams_.clear();
    const auto acknowledged = next_sequence(to, from);
    auto& sequence = next_sequence(from, to);
    segment = tcp_segment(from, to, sequence, acknowledged, payload);
    sequence += static_cast<std::uint32_t>(payload.size());
  }
  scratch_ = ip_header(from, to, udp ? protocol_udp : protocol_tcp, segment.size(), ++ip_id_);
  scratch_.append(segment);

  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(record.time.time_since_epoch()).count();
  const auto time = static_cast<std::uint64_t>(ns);
  std::string body;
  little(body, 0, 4);
  little(body, time >> 32U, 4);
  little(body, time & 0xffffffffU, 4);
  little(body, scratch_.size(), 4);
  little(body, scratch_.size(), 4);
  body.append(scratch_);
  pad4(body);
  if (!comment_.empty()) option(body, 1, std::string_view(comment_).substr(0, 65532));  // opt_comment
  comment_.clear();
  std::string flags;
  little(flags, record.direction == Direction::received ? 1 : 2, 4);
  option(body, 2, flags);  // epb_flags: inbound or outbound
  little(body, 0, 4);
  output_(block(6, body));
}

std::uint32_t& PcapngWriter::next_sequence(const Endpoint& from, const Endpoint& to) {
  return streams_.try_emplace(from.to_string() + ">" + to.to_string(), 1).first->second;
}

std::string pcapng(std::span<const Record> records, Secrets secrets) {
  std::string out;
  PcapngWriter writer([&out](std::string_view bytes) { out.append(bytes); }, secrets);
  for (const auto& step : steps_of(records)) writer.add(*step.record);
  return out;
}

}  // namespace peal::inline v0::trace
