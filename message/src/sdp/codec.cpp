#include "scan.hpp"

#include <peal/message/sdp/codec.hpp>

#include <array>

namespace peal::inline v0::sdp {

namespace {

struct StaticRow {
  std::uint8_t payload_type;
  std::string_view name;
  std::uint32_t clock_rate;
  std::uint32_t channels;
};

// RFC 3551 §6, Tables 4 and 5.
constexpr std::array<StaticRow, 24> static_rows{{
    {0, "PCMU", 8000, 1},   {3, "GSM", 8000, 1},    {4, "G723", 8000, 1},   {5, "DVI4", 8000, 1},
    {6, "DVI4", 16000, 1},  {7, "LPC", 8000, 1},    {8, "PCMA", 8000, 1},   {9, "G722", 8000, 1},
    {10, "L16", 44100, 2},  {11, "L16", 44100, 1},  {12, "QCELP", 8000, 1}, {13, "CN", 8000, 1},
    {14, "MPA", 90000, 1},  {15, "G728", 8000, 1},  {16, "DVI4", 11025, 1}, {17, "DVI4", 22050, 1},
    {18, "G729", 8000, 1},  {25, "CelB", 90000, 1}, {26, "JPEG", 90000, 1}, {28, "nv", 90000, 1},
    {31, "H261", 90000, 1}, {32, "MPV", 90000, 1},  {33, "MP2T", 90000, 1}, {34, "H263", 90000, 1},
}};

constexpr std::array<std::string_view, 8> auxiliary{"telephone-event", "tone",    "CN",        "red",
                                                    "ulpfec",          "flexfec", "parityfec", "rtx"};

/// A parameter that is part of the format, and what it is when it is not there.
struct Defining {
  std::string_view encoding, parameter, otherwise;
  std::size_t significant = std::string_view::npos;  ///< so many characters count
};
constexpr std::array<Defining, 12> defining{{
    {"AMR", "octet-align", "0"},
    {"AMR", "crc", "0"},
    {"AMR", "robust-sorting", "0"},
    {"AMR", "interleaving", ""},
    {"AMR-WB", "octet-align", "0"},
    {"AMR-WB", "crc", "0"},
    {"AMR-WB", "robust-sorting", "0"},
    {"AMR-WB", "interleaving", ""},
    {"H264", "packetization-mode", "0"},
    {"H264", "profile-level-id", "42", 2},  // RFC 6184 §8.2.2: the level may differ; profile_idc may not
    {"VP9", "profile-id", "0"},
    {"G7221", "bitrate", ""},
}};

}  // namespace

bool Codec::same_encoding(const Codec& other) const noexcept {
  return same_word(name, other.name) && clock_rate == other.clock_rate && channels == other.channels;
}

bool Codec::is_auxiliary() const noexcept {
  for (const auto word : auxiliary)
    if (same_word(word, name)) return true;
  return false;
}

std::vector<Codec> default_codecs() {
  return {{"PCMU", 8000, 1, 0, ""}, {"PCMA", 8000, 1, 8, ""}, {"telephone-event", 8000, 1, 101, "0-15"}};
}

std::optional<Codec> static_codec(std::uint8_t payload_type) {
  for (const auto& row : static_rows)
    if (row.payload_type == payload_type)
      return Codec{std::string(row.name), row.clock_rate, row.channels, payload_type, ""};
  return std::nullopt;
}

std::optional<std::uint8_t> static_payload_type(const Codec& codec) noexcept {
  for (const auto& row : static_rows)
    if (same_word(row.name, codec.name) && row.clock_rate == codec.clock_rate && row.channels == codec.channels)
      return row.payload_type;
  return std::nullopt;
}

std::optional<std::string_view> fmtp_parameter(std::string_view fmtp, std::string_view name) noexcept {
  while (!fmtp.empty()) {
    const auto semicolon = fmtp.find(';');
    const auto one = trimmed(fmtp.substr(0, semicolon));
    fmtp.remove_prefix(semicolon == fmtp.npos ? fmtp.size() : semicolon + 1);
    const auto equals = one.find('=');
    if (!same_word(trimmed(one.substr(0, equals)), name)) continue;
    return equals == one.npos ? std::string_view() : trimmed(one.substr(equals + 1));
  }
  return std::nullopt;
}

bool same_format(std::string_view encoding, std::string_view fmtp_a, std::string_view fmtp_b) noexcept {
  for (const auto& d : defining) {
    if (!same_word(d.encoding, encoding)) continue;
    const auto a = fmtp_parameter(fmtp_a, d.parameter).value_or(d.otherwise);
    const auto b = fmtp_parameter(fmtp_b, d.parameter).value_or(d.otherwise);
    if (!same_word(a.substr(0, d.significant), b.substr(0, d.significant))) return false;
  }
  return true;
}

}  // namespace peal::inline v0::sdp
