#pragma once

#include <peal/dialog/media_handler.hpp>
#include <peal/message/export.hpp>
#include <peal/message/sdp/codec.hpp>

#include <cstdint>
#include <vector>

namespace peal::inline v0 {

/// What the default handler says of itself.
struct MediaOptions {
  std::vector<sdp::Codec> codecs = sdp::default_codecs();
  /// Where RTP would be received. The default is the discard port: this handler carries no media.
  std::uint16_t port = 9;
};

/// Negotiates one audio stream from a list of codecs (RFC 3264), hold and resume included, and carries no media: enough for a bot.
/// Keeps nothing of a session, so one serves any number of calls. Owner's thread.
class PEAL_API DefaultMediaHandler final : public MediaHandler {
 public:
  /// `session_id`: of the first `o=` line; counts up from there (RFC 8866 §5.2: take it from a RandomSource).
  DefaultMediaHandler(MediaOptions options, std::uint64_t session_id);
  ~DefaultMediaHandler() override;

  void offer(const OfferContext& context, Ticket<std::optional<sdp::SessionDescription>> ticket) override;
  void answer(const OfferContext& context, const sdp::SessionDescription& offer,
              Ticket<std::optional<sdp::SessionDescription>> ticket) override;
  bool on_negotiated(const sdp::SessionDescription& local, const sdp::SessionDescription& remote) override;

 private:
  MediaOptions options_;
  std::uint64_t session_id_;
};

}  // namespace peal::inline v0
