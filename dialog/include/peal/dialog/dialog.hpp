#pragma once

#include <peal/message/export.hpp>
#include <peal/message/message.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace peal::inline v0::dialog {

enum class DialogState : std::uint8_t { early, confirmed, ended };

/// The state of RFC 3261 §12: identity, sequence numbers, route set, remote target. One packed block and a few numbers.
/// Null tags are legal (§12.1.1, peers of RFC 2543). Owner's thread.
class PEAL_API Dialog {
 public:
  Dialog() = default;
  Dialog(Dialog&&) noexcept = default;
  Dialog& operator=(Dialog&&) noexcept = default;

  /// What a dialog-creating request says before anybody answered: no remote tag, the target is the Request-URI.
  /// errc::too_long.
  static Result<Dialog> of_request(const Request& sent);
  /// UAC (§12.1.2): the dialog that `response` makes or confirms, of a request whose half was made by `of_request`.
  [[nodiscard]] Result<Dialog> with_response(const Response& response) const;
  /// UAS (§12.1.1). `contact` is ours. errc::invalid_value without a usable Contact in the request.
  static Result<Dialog> of_received(const Request& request, std::string_view local_tag, const NameAddrView& contact);

  [[nodiscard]] std::string_view call_id() const noexcept { return part(Part::call_id); }
  [[nodiscard]] std::string_view local_tag() const noexcept { return part(Part::local_tag); }
  [[nodiscard]] std::string_view remote_tag() const noexcept { return part(Part::remote_tag); }
  [[nodiscard]] NameAddrView local() const noexcept;   ///< with its tag
  [[nodiscard]] NameAddrView remote() const noexcept;  ///< with its tag
  [[nodiscard]] UriView remote_target() const noexcept;
  [[nodiscard]] NameAddrView contact() const noexcept;  ///< ours; empty until known
  /// The route set in the order in which requests carry it, each `<uri>` with parameters.
  template <class F>
  void each_route(F f) const {
    auto rest = part(Part::routes);
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      f(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
  }
  [[nodiscard]] std::size_t route_count() const noexcept;

  [[nodiscard]] DialogState state() const noexcept { return state_; }
  void set_state(DialogState state) noexcept { state_ = state; }
  [[nodiscard]] bool is_uac() const noexcept { return uac_; }
  [[nodiscard]] bool secure() const noexcept { return secure_; }
  void set_secure(bool secure) noexcept { secure_ = secure; }
  [[nodiscard]] std::uint32_t local_cseq() const noexcept { return local_cseq_; }
  void set_local_cseq(std::uint32_t number) noexcept { local_cseq_ = number; }
  [[nodiscard]] std::uint32_t next_local_cseq() noexcept { return ++local_cseq_; }
  [[nodiscard]] std::optional<std::uint32_t> remote_cseq() const noexcept {
    return remote_cseq_known_ ? std::optional<std::uint32_t>(remote_cseq_) : std::nullopt;
  }
  /// §12.2.2: false for a number lower than the last, which is answered 500. A gap is no reason to wait.
  bool accept_remote_cseq(std::uint32_t number) noexcept;

  /// §12.2.1.2, §12.2.2: what a target refresh brings. Nothing changes when the block would be too long.
  void set_remote_target(const UriView& target);
  void set_contact(const NameAddrView& contact);

  /// A request inside the dialog with the next CSeq, Route set and Request-URI of §12.2.1.1, without Via and Contact.
  [[nodiscard]] Request make_request(const Method& method);
  /// The ACK to a 2xx of the INVITE with that CSeq (§13.2.2.4), and nothing else.
  [[nodiscard]] Request make_ack(std::uint32_t invite_cseq) const;
  /// Where such a request is sent: the first route, or with a strict router the Request-URI, or the remote target.
  [[nodiscard]] Uri next_hop() const;

  [[nodiscard]] std::size_t memory() const noexcept { return end(); }

 private:
  enum class Part : std::uint8_t { call_id, local_tag, remote_tag, local, remote, target, contact, routes, count };
  static constexpr std::size_t parts = static_cast<std::size_t>(Part::count);
  using Texts = std::array<std::string_view, parts>;

  [[nodiscard]] std::string_view part(Part p) const noexcept {
    const auto i = static_cast<std::size_t>(p);
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {block_.get() + begin, ends_[i] - begin};
  }
  [[nodiscard]] std::size_t end() const noexcept { return ends_[parts - 1]; }
  [[nodiscard]] bool pack(const Texts& texts);
  [[nodiscard]] Texts texts() const noexcept;
  [[nodiscard]] Request start(const Method& method, std::uint32_t cseq) const;

  std::unique_ptr<char[]> block_;
  std::array<std::uint16_t, parts> ends_{};
  std::uint32_t local_cseq_ = 0;
  std::uint32_t remote_cseq_ = 0;
  DialogState state_ = DialogState::early;
  bool remote_cseq_known_ = false;
  bool uac_ = false;
  bool secure_ = false;
};

static_assert(sizeof(Dialog) <= 40);

}  // namespace peal::inline v0::dialog
