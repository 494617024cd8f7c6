using Quorate.Model.Configuration;
using Quorate.Model.Deltas;
using Quorate.Model.Resources;

namespace Quorate.Cli.RgTest;

/// <summary>Prints what lies between two configurations in the old tool's sections.</summary>
/// <remarks>
/// Source: rgmanager.md 2.9. <c>[kill]</c> stands before the stops of a service whose own definition goes or changes, <c>[init]</c> before
/// those of one that comes or changes: the old daemon stopped it everywhere before it was placed. Stops print in stop order and starts in
/// start order (DESIGN 9).
/// </remarks>
internal sealed class DeltaListing(ClusterConfiguration before, ClusterConfiguration after, TextWriter output)
{
    private readonly ConfigurationDelta _delta = ConfigurationDelta.Between(before, after);
    private readonly ResourceListing _listing = new(output);

    /// <summary>Prints all sections.</summary>
    public void Print()
    {
        _listing.Line("=== Old Resource List ===");
        _listing.Resources(before, resource => _delta.Of(resource).NeedsStop ? " [NEEDSTOP]" : "");
        _listing.Line("=== New Resource List ===");
        _listing.Resources(after, resource => Flags(_delta.Of(resource)));
        _listing.Line("=== Old Resource Tree ===");
        _listing.Trees(before);
        _listing.Line("=== New Resource Tree ===");
        _listing.Trees(after);
        _listing.Line("=== Operations (down-phase) ===");
        foreach (ServiceDefinition service in before.Services)
        {
            if (_delta.Find(service.Name) is { } delta)
            {
                Down(service, delta);
            }
        }

        _listing.Line("=== Operations (up-phase) ===");
        foreach (ServiceDefinition service in after.Services)
        {
            if (_delta.Find(service.Name) is { } delta)
            {
                Up(service, delta);
            }
        }
    }

    private static string Flags(DefinitionDelta definition) =>
        definition.Kind == DeltaKind.Reconfigured ? " [NEEDSTART] [RECONFIG]"
        : definition.NeedsStart ? " [NEEDSTART]"
        : "";

    private void Down(ServiceDefinition service, ServiceDelta delta)
    {
        if (!_delta.Of(service.Tree).NeedsStop)
        {
            Operations("", delta.Down);
        }
        else if (delta.IsLeftRunning)
        {
            _listing.Line($"[kill] [noop] {service.Name} was removed from the config, but I am not stopping it.");
        }
        else
        {
            Operations("[kill] ", delta.Down);
        }
    }

    private void Up(ServiceDefinition service, ServiceDelta delta)
    {
        if (!_delta.Of(service.Tree).NeedsStart)
        {
            Operations("", delta.Up);
        }
        else if (delta.IsLeftAsFound)
        {
            _listing.Line($"[init] [noop] {service.Name} was added to the config, but I am not initializing it.");
        }
        else
        {
            Print("[init] ", ResourceOrder.Stop(service.Tree).Select(node => $"[stop] {node.Label}"));
        }
    }

    private void Operations(string prefix, IEnumerable<ResourceOperation> operations) =>
        Print(prefix, operations.Select(operation => $"[{Word(operation.Kind)}] {operation.Node.Label}"));

    private void Print(string prefix, IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            _listing.Line(prefix + line);
            prefix = "";
        }
    }

    private static string Word(OperationKind kind) => kind switch
    {
        OperationKind.Stop => "stop",
        OperationKind.Start => "start",
        _ => "reconfig",
    };
}
