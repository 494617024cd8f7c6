using System.Text.Json.Serialization;

namespace Quorate.Contracts;

/// <summary>What a node does when its lease runs out; part of what it promises with the lease (rule S4).</summary>
[JsonConverter(typeof(LowerCaseEnumConverter<OnLeaseLoss>))]
public enum OnLeaseLoss
{
    /// <summary>It stops all it runs, and proves it. The only one under which time counts as fencing (rule S7).</summary>
    Stop,

    /// <summary>It goes on running what it runs and starts nothing, until it is renewed or fenced. Only with a fence device.</summary>
    Keep,

    /// <summary>As <see cref="Keep"/>, while an operator works on the cluster.</summary>
    Maintenance,
}
