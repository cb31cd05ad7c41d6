#pragma once

#include <peal/message/export.hpp>
#include <peal/trace/jsonl.hpp>
#include <peal/trace/record.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace peal::inline v0::trace {

/// Writes pcapng (draft-ietf-opsawg-pcapng) that Wireshark, tshark and sngrep open: one interface of raw IP, nanosecond
/// time stamps, direction flags. IP, UDP and TCP headers are made up around what passed, with right checksums; what
/// came through TLS or WebSocket stands there as plain TCP, as it was after decryption. A note is the comment of the
/// next packet.
///
/// As a tap it writes all that it hears: attach it to one layer, or write merged records with `pcapng`.
class PEAL_API PcapngWriter final : public transport::Tap {
 public:
  /// Writes the file's head at once.
  explicit PcapngWriter(Output output, Secrets secrets = Secrets::hidden);
  void on_message(const transport::TapEvent& event) override;
  void add(const Record& record);

 private:
  void packet(const Record& record, std::string_view payload);
  std::uint32_t& next_sequence(const Endpoint& from, const Endpoint& to);

  Output output_;
  Secrets secrets_;
  std::unordered_map<std::string, std::uint32_t> streams_;  // one way of a connection: the number of its next byte
  std::string comment_;
  std::string scratch_;
  std::uint16_t ip_id_ = 0;
};

/// The whole file. A message that both ends recorded stands there once, as it was sent.
PEAL_API std::string pcapng(std::span<const Record> records, Secrets secrets = Secrets::hidden);

}  // namespace peal::inline v0::trace
