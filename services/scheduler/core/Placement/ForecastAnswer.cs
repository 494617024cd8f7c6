using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Scheduler.Core.Placement;

/// <summary>What an operator would be answered.</summary>
/// <param name="Command">The order.</param>
/// <param name="Service">About which service.</param>
/// <param name="Result">How it would end.</param>
/// <param name="IsRefused">True when nothing would be tried.</param>
/// <param name="Reasons">Every reason.</param>
public sealed record ForecastAnswer(CommandKind Command, ServiceName Service, ResultCode Result, bool IsRefused, ImmutableArray<string> Reasons);
