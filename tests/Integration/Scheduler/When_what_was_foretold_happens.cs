using System.Globalization;
using System.Net.Http.Json;
using Quorate.Contracts;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>A property: for any small cluster, what is foretold of a node that goes down is what becomes of the services when it really does.</summary>
public sealed class When_what_was_foretold_happens() : A_scheduler(null)
{
    private static readonly string[] Nodes = ["n1", "n2", "n3"];
    private static readonly string[] Domains = ["", """ domain="order" """, """ domain="stay" """, """ domain="one" """];
    private static readonly string[] Orders = ["disable", "freeze", "stop", "relocate", "enable"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 24)];

    [Theory, MemberData(nameof(Seeds))]
    public async Task The_services_come_to_rest_where_it_was_said(int seed)
    {
        Random chance = new(seed);
        string[] names = [.. Enumerable.Range(0, chance.Next(2, 7)).Select(index => string.Create(CultureInfo.InvariantCulture, $"s{index}"))];
        string[] services = [.. names.Select((name, index) => Service(chance, names, name, index)), Ties(chance, names)];
        string story = $"seed {seed}: {string.Join(' ', services)}";
        await StartAsync(services);
        await Cluster.FormAsync();
        await AtRestAsync(story);
        foreach (string name in names.Where(_ => chance.Next(3) == 0).ToList())
        {
            string order = Orders[chance.Next(Orders.Length)];
            story += $" {order} {name}";
            await Cluster.PostAsync(name, order, wait: 20);
            await AtRestAsync(story);
        }

        string gone = Nodes[chance.Next(Nodes.Length)];
        story += $" down {gone}";
        SimulationView future = await Cluster.First.SimulateAsync(new { down = new[] { gone } });
        await Cluster.SetAsync(gone, NodeState.Lost);
        await Cluster.SetAsync(gone, NodeState.Fenced);

        string foretold = string.Join(", ", future.Services.Select(service => $"{service.Name} on {service.Node?.Value ?? "-"}"));
        story += $"\nforetold: {foretold}\n{string.Join('\n', future.Services.Select(service => $"{service.Name} {service.Action} {service.Node}: {service.Reason}"))}";
        await HappensAsync(foretold, story);
        for (int look = 0; look < 3; look++)
        {
            // The sweep finds nothing to mend: it is the end, not a moment on the way.
            Cluster.Time.Advance(TimeSpan.FromSeconds(2));
            await AtRestAsync(story);
        }

        await HappensAsync(foretold, story);
        Assert.DoesNotContain(future.Warnings, warning => warning.Contains("come to rest", StringComparison.Ordinal));
    }

    private static string Service(Random chance, string[] names, string name, int index)
    {
        string depend = index > 0 && chance.Next(4) == 0 ? $" depend=\"{names[chance.Next(index)]}\"" : "";
        string exclusive = chance.Next(6) == 0 ? $" exclusive=\"{chance.Next(1, 3)}\"" : "";
        string autostart = chance.Next(8) == 0 ? " autostart=\"0\"" : "";
        return $"<service name=\"{name}\"{Domains[chance.Next(Domains.Length)]}{depend}{exclusive}{autostart}/>";
    }

    private static string Ties(Random chance, string[] names) => chance.Next(3) != 0 || names.Length < 2 ? ""
        : $"<dependencies><dependency name=\"{names[1]}\"><target name=\"{names[0]}\" colocate=\"{(chance.Next(2) == 0 ? "always" : "never")}\"/></dependency></dependencies>";

    private async Task<IReadOnlyList<ServiceView>> ServicesAsync() =>
        (await Cluster.First.Http.GetFromJsonAsync<ClusterView>("/api/cluster"))!.Services; // it has them

    private async Task HappensAsync(string foretold, string story)
    {
        string happened = "";
        try
        {
            await Eventually.HoldsAsync(story, async () =>
            {
                happened = string.Join(", ", (await ServicesAsync()).Select(service => $"{service.Name} on {service.Owner?.Value ?? "-"}"));
                return happened == foretold;
            });
        }
        catch (Xunit.Sdk.TrueException)
        {
            Assert.Fail($"{story}\nhappened: {happened}");
        }
    }

    /// <summary>Nothing is under way, nothing waits to be sent, and nobody waits for the planner: the membership and whatever followed from it are dealt with.</summary>
    private Task AtRestAsync(string story) => Eventually.HoldsAsync($"it comes to rest: {story}", async () =>
    {
        string first = await PictureAsync();
        return first.Length > 0 && first == await PictureAsync();
    });

    private async Task<string> PictureAsync()
    {
        bool isBusy = await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_outbox") > 0
            || await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_membership WHERE id = 1 AND generation = @Generation", new { Cluster.Generation }) == 0
            || await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_membership WHERE id = 2 AND generation = @Generation", new { Cluster.Generation }) == 0
            || await Cluster.ScalarAsync<long>("SELECT COUNT(*) FROM scheduler_service WHERE state NOT IN ('started', 'stopped', 'disabled', 'failed', 'uninitialized')") > 0;
        return isBusy ? "" : string.Join(' ', (await ServicesAsync()).Select(service => $"{service.Name} {service.State} {service.Owner} {service.Epoch}"));
    }
}
