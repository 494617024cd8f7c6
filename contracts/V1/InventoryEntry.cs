namespace Quorate.Contracts.V1;

/// <summary>One service in <see cref="NodeInventory"/>.</summary>
public sealed record InventoryEntry
{
    public required ServiceName Service { get; init; }

    /// <summary>The newest epoch this executor has taken for the service.</summary>
    public required long Epoch { get; init; }

    public required bool IsRunning { get; init; }

    /// <summary>True while something non-critical of it is left stopped.</summary>
    public bool IsPartial { get; init; }

    /// <summary>True while an operation of that epoch has not ended.</summary>
    public required bool IsBusy { get; init; }
}
