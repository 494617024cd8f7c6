using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Hosting.Access;

namespace Quorate.Tests.Integration.Access;

/// <summary>The table from which permissions follow, against the contracts: a message that is forgotten there is one that no user may send.</summary>
public sealed class When_messages_are_routed
{
    public static TheoryData<string> Messages => [.. BusTraffic.Messages().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_of_the_contracts_has_a_sender_and_a_receiver(string message)
    {
        BusRoute? route = BusTraffic.Routes.SingleOrDefault(known => known.Message == message);

        Assert.True(route is not null, $"say in BusTraffic who sends {message} and who receives it");
        Assert.NotEmpty(route.Senders);
        Assert.NotEmpty(route.Receivers);
    }

    [Fact]
    public void Parts_of_messages_are_no_messages() =>
        Assert.DoesNotContain(
            BusTraffic.Messages().Select(type => type.Name), name => name is nameof(MemberNode) or nameof(NodePromise) or nameof(ArbiterPoint) or nameof(InventoryEntry));

    [Fact]
    public void Every_command_is_an_operators_and_no_observers()
    {
        BusRoute[] commands = [.. BusTraffic.Messages().Where(typeof(ICommand).IsAssignableFrom).Select(BusTraffic.RouteOf).OfType<BusRoute>()];

        Assert.Contains(commands, route => route.Message == nameof(EnableService));
        Assert.All(commands, route =>
        {
            Assert.Contains(BusParty.Operator, route.Senders);
            Assert.DoesNotContain(BusParty.Observer, route.Senders);
            Assert.DoesNotContain(BusParty.Executor, route.Senders);
        });
    }

    [Fact]
    public void An_observer_says_nothing_but_questions() =>
        Assert.All(BusTraffic.Routes.Where(route => route.Senders.Contains(BusParty.Observer)), route => Assert.True(IsQuestion(route.Message), route.Message));

    private static bool IsQuestion(string name) => BusTraffic.Messages().Any(type => type.Name == name && typeof(IQuery).IsAssignableFrom(type));

    /// <summary>Source: a cluster.conf holds the passwords of fence devices.</summary>
    [Fact]
    public void Only_programs_hear_configurations() =>
        Assert.DoesNotContain(BusTraffic.Routes.Single(route => route.Message == nameof(ConfigurationPublished)).Receivers, party => party is BusParty.Operator or BusParty.Observer);

    [Fact]
    public void Without_nodes_one_user_is_every_executor() =>
        Assert.Contains(BusPermissions.Of("", []), grant => grant.User == "executor");

    [Fact]
    public void A_node_is_not_taken_for_one_whose_name_begins_like_its_own()
    {
        string read = BusPermissions.Of(BusParty.Executor, "", new NodeName("n1")).Read;

        Assert.Matches(read, "executor.n1.0123");
        Assert.DoesNotMatch(read, "executor.n1.b.0123");
        Assert.DoesNotMatch(read, "executor.n10.0123");
    }
}
