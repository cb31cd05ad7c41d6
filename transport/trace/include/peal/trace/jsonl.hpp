#pragma once

#include <peal/message/export.hpp>
#include <peal/trace/record.hpp>
#include <peal/transport/unique_function.hpp>

#include <span>
#include <string>
#include <string_view>

namespace peal::inline v0::trace {

/// Takes bytes in order: appends them to a file, a string…
using Output = UniqueFunction<void(std::string_view)>;

/// One JSON object and a line feed:
/// {"ts":"2026-01-01T00:00:00.000000Z","direction":"sent","protocol":"UDP","local":"192.0.2.1:5060","peer":"192.0.2.2:5060",
///  "size":421,"start":"INVITE sip:bob@example.com SIP/2.0","call_id":"…","cseq":"1 INVITE","text":"…"}
/// Where the message has no such thing, null. A message that is no UTF-8 has "text":null and a "base64" instead.
/// A note is {"ts":"…","note":"…"}.
PEAL_API std::string json_line(const Record& record, Secrets secrets = Secrets::hidden);
PEAL_API std::string jsonl(std::span<const Record> records, Secrets secrets = Secrets::hidden);

/// Writes each message as it passes.
class PEAL_API JsonlWriter final : public transport::Tap {
 public:
  explicit JsonlWriter(Output output, Secrets secrets = Secrets::hidden);
  void on_message(const transport::TapEvent& event) override;

 private:
  Output output_;
  Secrets secrets_;
};

}  // namespace peal::inline v0::trace
