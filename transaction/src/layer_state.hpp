#pragma once

#include <peal/transaction/transaction_layer.hpp>

#include <string>
#include <variant>

#include "admission.hpp"
#include "client_invite.hpp"
#include "client_non_invite.hpp"
#include "echo_records.hpp"
#include "key.hpp"
#include "peer_index.hpp"
#include "server_invite.hpp"
#include "server_non_invite.hpp"
#include "slab.hpp"
#include "slot_table.hpp"

namespace peal::inline v0::transaction {

/// Machines in slabs, echo records in FIFOs, both found by key in one table a side.
struct TransactionLayer::State final : transport::TransportUser, Sender, ClientOwner, ServerOwner, EchoRecords::Owner {
  using ClientSlot = std::variant<ClientInvite, ClientNonInvite>;
  using ServerSlot = std::variant<ServerInvite, ServerNonInvite>;

  State(transport::Runtime& runtime, TransactionUser& user, const TransactionOptions& options);
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() override;

  /// On the stack round an upcall that is not the last act: tells whether the layer still stands.
  struct Watch {
    explicit Watch(State& state) noexcept;
    ~Watch() {
      if (!gone) state_.watch_ = outer_;
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    bool gone = false;

   private:
    friend struct State;
    Watch* outer_;
    State& state_;
  };

  // ---- from below
  void on_request(const Request& request, const Flow& flow) override;
  void on_response(const Response& response, const Flow& flow, bool broken) override;
  void on_unreachable(const Flow& flow, std::error_code why) override;
  void on_closed(const Flow& flow) override;
  [[nodiscard]] bool sheds() const noexcept override;

  // ---- from the machines
  Result<Packet> send_response(const Response& response, const Flow& request_flow) override;
  void send(const Packet& packet) override;
  void send_again(const Packet& packet) override;
  void pass_up(ClientMachine& machine, Rest rest, const Response& response, const Flow& flow) override;
  void failed(ClientMachine& machine, std::error_code why, std::error_code detail) override;
  void send_cancel(ClientMachine& machine, std::string_view reason) override;
  void rests(ServerMachine& machine, Rest rest) override;
  void depends_on_peer(ServerMachine& machine) override;
  void failed(ServerMachine& machine, Rest rest, std::error_code why, std::error_code detail) override;
  void on_echo_gone(std::uint32_t index, const EchoRecord& record) noexcept override;

  // ---- from above
  Result<ClientId> send(Request& request, const Target& target, ClientUser& client_user);
  Result<void> cancel(ClientId id, std::string_view reason);
  Result<Packet> respond(ServerId id, const Response& response);
  Result<Packet> respond_statelessly(const Request& request, StatusCode code, const Flow& flow);
  [[nodiscard]] bool awaits_response(ServerId id) noexcept;
  std::string_view new_branch();  ///< good until the next one

  // ---- both sides
  /// A transport error for each of these, as far as they live by then. Last act.
  void fail_all(const std::vector<ClientId>& its_clients, const std::vector<ServerId>& its_servers,
                std::error_code why);

  // ---- client side
  ClientMachine* client(ClientId id) noexcept;
  ClientId start_client(bool invite, const Key& key, MethodId method, ClientUser* client_user, Packet&& packet);
  [[nodiscard]] std::uint32_t find_client(const Key& key, MethodId method);
  void on_client_echo(std::uint32_t index, const Response& response, const Flow& flow, bool broken);
  void settle(ClientMachine& machine, Rest rest);

  // ---- server side
  ServerMachine* server(ServerId id) noexcept;
  ServerId start_server(const Key& key, MethodId method, const Flow& flow, std::uint32_t source);
  [[nodiscard]] std::uint32_t find_server(const Key& key, MethodId method);
  [[nodiscard]] const Key& key_at(std::uint32_t found);
  [[nodiscard]] bool too_many_methods(const Key& key);
  [[nodiscard]] bool admits(const Request& request, const Flow& flow, const Key& key, std::uint32_t source);
  void on_new_request(const Request& request, const Flow& flow, const Key& key, MethodId method, std::uint32_t source);
  void on_copy(std::uint32_t found);
  void on_ack(const Request& ack, const Flow& flow);
  [[nodiscard]] std::uint32_t find_for_ack(const Request& ack);
  void on_cancel(const Request& cancel, const Flow& flow);
  void answer_cancel(const Request& cancel, const Flow& flow, const Key& key, std::string_view to_tag);
  void prepare_for_silence(ServerId id, const Request& request);
  [[nodiscard]] bool may_refuse();
  bool refuse(const Request& request, const Flow& flow, const Key& key);  ///< false: not even a 503 has gone out
  void stay_refused(const Key& key, MethodId method, const Flow& flow);
  void settle(ServerMachine& machine, Rest rest);
  [[nodiscard]] std::string tag_of(std::uint32_t found);
  [[nodiscard]] std::string tag_of(const ServerMachine& machine) const;
  [[nodiscard]] SharedBytes print(const Response& response);

  [[nodiscard]] auto client_links() noexcept {
    return [this](std::uint32_t slot) -> PeerLinks& { return machine_in(clients[slot]).peer_links; };
  }
  [[nodiscard]] auto server_links() noexcept {
    return [this](std::uint32_t slot) -> PeerLinks& { return machine_in(servers[slot]).peer_links; };
  }

  // Slots in the tables: of a machine, or with this bit of an echo record.
  static constexpr std::uint32_t echo_bit = 0x8000'0000;
  static constexpr std::uint32_t none = SlotTable::none;
  static constexpr bool is_echo(std::uint32_t found) noexcept { return (found & echo_bit) != 0; }
  static std::uint32_t hash_of(const Key& key) noexcept { return static_cast<std::uint32_t>(key.low); }
  static ClientMachine& machine_in(ClientSlot& slot) noexcept;
  static ServerMachine& machine_in(ServerSlot& slot) noexcept;

  // given
  TransactionUser& user;
  TransactionOptions options;
  // owned
  transport::TransportLayer transport;
  Surroundings surroundings;
  KeyMaker keys;
  // Slabs and tables before the records, whose going they hear of; timers die before the transport.
  SlotTable client_table, server_table;
  PeerIndex client_peers, server_peers;
  Admission admission;
  Slab<ClientSlot> clients;
  Slab<ServerSlot> servers;
  EchoRecords echoes;
  // state
  TransactionCounters counted;
  std::uint32_t serial = 0;
  transport::TimePoint next_refusal{};  // not before
  std::string branch;                   // scratch
  std::string printed;                  // scratch
  Watch* watch_ = nullptr;
};

}  // namespace peal::inline v0::transaction
