using System.Text.Json;
using System.Text.Json.Serialization;

using Quorate.Contracts.V1;
using Quorate.Contracts.Views;

namespace Quorate.Cli.Api;

/// <summary>The shapes of the HTTP API, prepared at compile time: reading them must not cost a start-up.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(IReadOnlyList<FenceAttempted>))]
[JsonSerializable(typeof(ArbiterView))]
[JsonSerializable(typeof(ArbiterRequest))]
[JsonSerializable(typeof(QueuesView))]
[JsonSerializable(typeof(ParkedMessageView))]
[JsonSerializable(typeof(ParkedActionView))]
[JsonSerializable(typeof(IReadOnlyList<MessageView>))]
[JsonSerializable(typeof(IReadOnlyList<TransitionView>))]
[JsonSerializable(typeof(PlacementView))]
[JsonSerializable(typeof(IReadOnlyList<OperationView>))]
[JsonSerializable(typeof(SimulationView))]
[JsonSerializable(typeof(SimulationRequest))]
[JsonSerializable(typeof(EventView))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
[JsonSerializable(typeof(ConfigurationView))]
[JsonSerializable(typeof(IReadOnlyList<ConfigurationView>))]
[JsonSerializable(typeof(ApplyConfiguration))]
[JsonSerializable(typeof(CommandRequest))]
[JsonSerializable(typeof(CommandReply))]
internal sealed partial class ApiJson : JsonSerializerContext;
